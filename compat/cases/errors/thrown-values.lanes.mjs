import { RunarError, TimeoutError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const throwing = (make) => () => {
  throw make();
};
const refuse = throwing(() => new Error("no"));
const cycle = {};
cycle.self = cycle;
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const big = { details: { big: 1n } };
const values = {
  text: "text",
  number: 5,
  none: null,
  nothing: undefined,
  object: { a: 1 },
  unreadable: new Proxy({}, { get: refuse, getPrototypeOf: refuse }),
  frozen: Object.freeze(new TypeError("frozen")),
  symbol: Symbol("s"),
  cycle,
  "details-that-are-no-json": new TimeoutError("ERR_RUNAR_TIMEOUT", "mine", big),
};
// The wording depends on the engine.
const unwritten = {
  "unreadable-message": Object.defineProperty(new Error("x"), "message", { get: refuse }),
  "unreadable-stack": Object.defineProperty(new Error("no stack"), "stack", { get: refuse }),
  "revoked-proxy": revoked,
};
const actions = {
  ping: () => "pong",
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
  "then-throws": () => ({ then: throwing(() => new Error("from then")) }),
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
  "then-unreadable": () => Object.defineProperty({}, "then", { get: refuse }),
  "rejects-with-nothing": () => Promise.reject(),
};
const failing = ["then-throws", "then-unreadable", "rejects-with-nothing"];
for (const [name, value] of Object.entries({ ...values, ...unwritten })) {
  actions[name] = throwing(() => value);
  actions[`${name}-later`] = () => Promise.reject(value);
  failing.push(name, `${name}-later`);
}
const node = new LaneNode();
node.addService({ name: "a", path: "a", actions });
await node.start();
for (const name of failing) {
  const error = await rejection(node.request(`a/${name}`));
  const known = name.replace(/-later$/, "") in values;
  say(name, error instanceof RunarError, known ? error : error.code);
  say("  and the next call:", await node.request("a/ping"));
}
await node.stop();
end();

// trace
// then-throws true ERR_RUNAR_ACTION
//   and the next call: pong
// then-unreadable true ERR_RUNAR_ACTION
//   and the next call: pong
// rejects-with-nothing true ERR_RUNAR_ACTION
//   and the next call: pong
// text true ActionError ERR_RUNAR_ACTION: a/text: text
//   and the next call: pong
// text-later true ActionError ERR_RUNAR_ACTION: a/text-later: text
//   and the next call: pong
// number true ActionError ERR_RUNAR_ACTION: a/number: 5
//   and the next call: pong
// number-later true ActionError ERR_RUNAR_ACTION: a/number-later: 5
//   and the next call: pong
// none true ActionError ERR_RUNAR_ACTION: a/none: null
//   and the next call: pong
// none-later true ActionError ERR_RUNAR_ACTION: a/none-later: null
//   and the next call: pong
// nothing true ActionError ERR_RUNAR_ACTION: a/nothing: undefined
//   and the next call: pong
// nothing-later true ActionError ERR_RUNAR_ACTION: a/nothing-later: undefined
//   and the next call: pong
// object true ActionError ERR_RUNAR_ACTION: a/object: {"a":1}
//   and the next call: pong
// object-later true ActionError ERR_RUNAR_ACTION: a/object-later: {"a":1}
//   and the next call: pong
// unreadable true ActionError ERR_RUNAR_ACTION: a/unreadable: an object that cannot be read
//   and the next call: pong
// unreadable-later true ActionError ERR_RUNAR_ACTION: a/unreadable-later: an object that cannot be read
//   and the next call: pong
// frozen true ActionError ERR_RUNAR_ACTION: a/frozen: frozen
//   and the next call: pong
// frozen-later true ActionError ERR_RUNAR_ACTION: a/frozen-later: frozen
//   and the next call: pong
// symbol true ActionError ERR_RUNAR_ACTION: a/symbol: Symbol(s)
//   and the next call: pong
// symbol-later true ActionError ERR_RUNAR_ACTION: a/symbol-later: Symbol(s)
//   and the next call: pong
// cycle true ActionError ERR_RUNAR_ACTION: a/cycle: an object that cannot be read
//   and the next call: pong
// cycle-later true ActionError ERR_RUNAR_ACTION: a/cycle-later: an object that cannot be read
//   and the next call: pong
// details-that-are-no-json true TimeoutError ERR_RUNAR_TIMEOUT: mine (a retry can help)
//   and the next call: pong
// details-that-are-no-json-later true TimeoutError ERR_RUNAR_TIMEOUT: mine (a retry can help)
//   and the next call: pong
// unreadable-message true ERR_RUNAR_ACTION
//   and the next call: pong
// unreadable-message-later true ERR_RUNAR_ACTION
//   and the next call: pong
// unreadable-stack true ERR_RUNAR_ACTION
//   and the next call: pong
// unreadable-stack-later true ERR_RUNAR_ACTION
//   and the next call: pong
// revoked-proxy true ERR_RUNAR_ACTION
//   and the next call: pong
// revoked-proxy-later true ERR_RUNAR_ACTION
//   and the next call: pong
// end
// exit 0
