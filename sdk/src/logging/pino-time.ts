/** The time of a record in the format that a logger of pino has. */

/** So far a logger's clock may be from this one. */
const TOLERANCE_MS = 60_000;

/** What pino writes in front of everything else: a key and a value. */
const MEMBER = /^(,"(?:[^"\\]|\\.)*":)(.+)$/s;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{9})Z$/;

/** A symbol that pino keeps something under; it exports them, but is never imported here. */
export function findSymbol(logger: object, description: string): symbol | undefined {
  for (let at: object | null = logger; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertySymbols(at).find((one) => one.description === description);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What a function of pino writes for the present, for any time. `undefined` where it writes nothing,
 * or something that is no time that is known.
 */
export function timeTextLike(timestamp: unknown): ((time: number) => string) | undefined {
  if (typeof timestamp !== "function") return undefined;
  const [, key, text] = MEMBER.exec(String(timestamp())) ?? [];
  if (key === undefined || text === undefined) return undefined;
  const value = parse(text);
  const isNow = (time: number) => Math.abs(time - Date.now()) < TOLERANCE_MS;
  if (typeof value === "number") {
    if (isNow(value)) return (time) => `${key}${Math.floor(time)}`;
    return isNow(value * 1000) ? (time) => `${key}${Math.round(time / 1000)}` : undefined;
  }
  if (typeof value !== "string" || !isNow(Date.parse(value))) return undefined;
  const [, digits] = ISO.exec(value) ?? [];
  if (digits === undefined) return undefined;
  return digits.length === 3
    ? (time) => `${key}"${new Date(time).toISOString()}"`
    : (time) => `${key}"${nanoseconds(time)}"`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nanoseconds(time: number): string {
  const within = Math.floor((time - Math.floor(time)) * 1e6);
  const text = new Date(time).toISOString();
  return `${text.slice(0, -1)}${String(within).padStart(6, "0")}Z`;
}
