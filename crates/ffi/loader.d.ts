/** The addon's functions, generated from the Rust side. */
export type Binding = typeof import("./native.js");

/** Loads the addon, or throws an Error that lists each candidate, why it failed, and what helps. */
export function load(): Binding;

/** What became of a place where an addon may be. */
export type Attempt = {
  /** A file, or the name of a package. */
  candidate: string;
  /** Why an addon may be there. */
  reason: string;
} & (
  | { outcome: "loaded"; file: string }
  | { outcome: "failed"; cause: string }
  | { outcome: "not tried" }
);

/** Loads the first addon that can be loaded, and says what became of each candidate. */
export function tryCandidates(): { binding: Binding | undefined; attempts: Attempt[] };

/** What a user can do about attempts that all failed: lines of text and, indented, of commands. */
export function whatToDo(attempts: Attempt[]): string[];
