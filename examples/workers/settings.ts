/** What a worker is given when it starts. */
export interface Settings {
  keys: Uint8Array;
  /** Where its service is found. */
  path: string;
}

/** What it says once it runs. */
export interface Hello {
  addresses: string[];
}
