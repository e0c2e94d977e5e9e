import { RunarError, TimeoutError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const throwing = (make) => () => {
  throw make();
};
const actions = {
  ping: () => "pong",
  "unreadable-message": throwing(() =>
    Object.defineProperty(new Error("x"), "message", {
      get: throwing(() => new Error("from the getter")),
    }),
  ),
  "unreadable-stack": throwing(() =>
    Object.defineProperty(new Error("no stack"), "stack", {
      get: throwing(() => new Error("from the getter")),
    }),
  ),
  "revoked-proxy": throwing(() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }),
  "details-that-are-no-json": throwing(
    () => new TimeoutError("ERR_RUNAR_TIMEOUT", "mine", { details: { big: 1n } }),
  ),
  nothing: throwing(() => undefined),
  "a-symbol": throwing(() => Symbol("s")),
  "a-cycle": throwing(() => {
    const cycle = {};
    cycle.self = cycle;
    return cycle;
  }),
  "frozen-error": throwing(() => Object.freeze(new TypeError("frozen"))),
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
  "a-then-that-throws": () => ({ then: throwing(() => new Error("from then")) }),
  "a-then-that-cannot-be-read": () =>
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
    Object.defineProperty({}, "then", { get: throwing(() => new Error("from the getter")) }),
  "a-rejection-with-nothing": () => Promise.reject(),
};
const node = new LaneNode();
node.addService({ name: "odd", path: "odd", actions });
await node.start();
for (const name of Object.keys(actions)) {
  if (name === "ping") continue;
  const error = await rejection(node.request(`odd/${name}`));
  say(name, error instanceof RunarError, error.code);
  say("  and the next call:", await node.request("odd/ping"));
}
await node.stop();
end();

// trace
// unreadable-message true ERR_RUNAR_ACTION
//   and the next call: pong
// unreadable-stack true ERR_RUNAR_ACTION
//   and the next call: pong
// revoked-proxy true ERR_RUNAR_ACTION
//   and the next call: pong
// details-that-are-no-json true ERR_RUNAR_TIMEOUT
//   and the next call: pong
// nothing true ERR_RUNAR_ACTION
//   and the next call: pong
// a-symbol true ERR_RUNAR_ACTION
//   and the next call: pong
// a-cycle true ERR_RUNAR_ACTION
//   and the next call: pong
// frozen-error true ERR_RUNAR_ACTION
//   and the next call: pong
// a-then-that-throws true ERR_RUNAR_ACTION
//   and the next call: pong
// a-then-that-cannot-be-read true ERR_RUNAR_ACTION
//   and the next call: pong
// a-rejection-with-nothing true ERR_RUNAR_ACTION
//   and the next call: pong
// end
// exit 0
