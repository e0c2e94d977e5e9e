// The types of `fixtures.mjs`.
import type { Node } from "runar-ts";

/** The addon's functions that the tests call: most of them the test build alone has. */
export const fixtures: {
  fixturePanic(): void;
  fixturePanicWhenPolled(isolate: number, call: number): void;
  fixtureLeak(bytes: number): void;
  fixtureAddService(node: number, call: number): void;
  fixtureRequests(node: number, call: number, path: string, count: number, inFlight: number): void;
  fixtureLog(node: number, level: string, text: string, traced: boolean): void;
  fixtureLogFlood(
    node: number,
    call: number,
    threads: number,
    count: number,
    errorEvery: number,
  ): void;
  fixtureLifecycles(isolate: number, call: number, count: number): void;
  fixtureNearestName(name: string, known: string[]): string | null;
  fixtureExpiredIdentity(keys: Uint8Array): Uint8Array;
  keysAsCbor(keys: Uint8Array): Uint8Array;
};

/** Starts what settles a call number, and waits for it; the process stays alive until then. */
export function settle<Result = unknown>(ask: (call: number) => void): Promise<Result>;

/** The number by which the addon knows a node. */
export function handleOf(node: Node): number;
