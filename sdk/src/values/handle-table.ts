/** The port by which values reach the table of Rust values that their thread holds. */

/** What the codec needs of the handle table. */
export interface HandleTable {
  /** Gives bytes to Rust before the message that carries their handle. */
  attach(bytes: Uint8Array): number;
  /** Frees a handle that no message has carried. */
  drop(handle: number): void;
  /** Copies bytes that a message has brought, and frees their handle. */
  take(handle: number, size: number): Uint8Array;
  /** Makes the owner of a handle. */
  adopt(handle: number): unknown;
}
