/** The addon's functions, generated from the Rust side. */
export type Binding = typeof import("./native.js");

/** Loads the addon, or throws an Error that lists each candidate and why it failed. */
export function load(): Binding;
