/** What a member is started with: its first line of input. */

/** The same names as the Rust member of crates/test-peer has. */
export interface Settings {
  /** The member's keys, in base64. They come by the input: arguments can be read by every process. */
  key_state: string;
  network_id: string;
  bind_address: string;
  peers: { public_key: string; addresses: string[] }[];
  /** Without a group the member neither announces itself nor looks for others. */
  multicast_group?: string;
  announce_interval_ms: number;
  /** The topics whose events it tells of. */
  listen: string[];
}

/** What a member is told to do. */
export type Command =
  | { command: "call"; id: number; path: string; payload: unknown }
  | { command: "publish"; id: number; topic: string; value: unknown }
  | { command: "stop" };

/** What a member tells, a line of JSON each. */
export type Told = Record<string, unknown>;
