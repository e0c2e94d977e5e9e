/** The conversion of plain values to values that JSON can hold. */

/** What JSON can hold. */
export type JsonText =
  | null
  | boolean
  | number
  | string
  | JsonText[]
  | { [key: string]: JsonText | undefined };

/** Bytes become base64, and a bigint its digits; all else is what `JSON.stringify` makes of it. */
export function jsonReady(value: unknown): JsonText {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(jsonReady);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonReady(item)]));
  }
  return (value ?? null) as JsonText;
}
