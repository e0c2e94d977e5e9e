/** The interface of key stores, and the one in memory. */

import { checkBytes } from "./secrets.js";

/**
 * A place for the keys of one identity or one network. Anything with these two methods is one: a secret
 * manager, a database.
 *
 * @example
 * const store: KeyStore = {
 *   load: () => secrets.get("node-keys"),
 *   save: (keys) => secrets.set("node-keys", keys),
 * };
 */
export interface KeyStore {
  /** The keys that were saved last; `undefined` when there are none. */
  load(): Promise<Uint8Array | undefined>;
  /** Keeps keys, in the place of those that were there. */
  save(keys: Uint8Array): Promise<void>;
}

/**
 * Keeps keys in memory, for as long as the program runs.
 *
 * @example
 * const store = memoryStore();
 * await store.save(identity.export());
 */
export function memoryStore(): KeyStore {
  let kept: Uint8Array | undefined;
  return {
    load: async () => kept && Uint8Array.from(kept),
    save: async (keys) => {
      kept = Uint8Array.from(checkBytes(keys, "keys"));
    },
  };
}
