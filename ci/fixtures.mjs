// The way from JavaScript to the fixtures of the addon, for the tests and the benchmarks. It works
// with the very modules that `runar-ts` resolves to.
import { isolate } from "../sdk/dist/bridge/isolate.js";
import { callNative, native } from "../sdk/dist/native/binding.js";

/** The addon with its `fixture…` functions, which the test build alone has. */
export const fixtures = native;

/** Starts what settles a call number, and waits for it; the process stays alive until then. */
export function settle(ask) {
  const here = isolate();
  const call = here.nextCall();
  return new Promise((resolve, reject) => {
    callNative(() => ask(call));
    here.keepalive.hold();
    const releasing = (end) => (outcome) => {
      here.keepalive.release();
      end(outcome);
    };
    here.calls.set(call, { resolve: releasing(resolve), reject: releasing(reject) });
  });
}

/** The number by which the addon knows a node. */
export function handleOf(node) {
  for (const [handle, host] of isolate().hosts) {
    if (host.deref()?.node === node) return handle;
  }
  throw new Error("the addon does not know this node");
}
