import { Node } from "runar-ts";
import { describe, end, rejection, say, thrown } from "../../kit.mjs";

const when = new Date(0);
for (const checkValues of [undefined, "off", "check", "freeze"]) {
  const node = new Node({}, { checkValues });
  let kept;
  node.addService({
    name: "a",
    path: "a",
    actions: {
      same: (value) => value === kept,
      give: () => kept,
      change: (value) => {
        value.inner.changed = true;
      },
    },
  });
  await node.start();
  say("checkValues", String(checkValues));
  kept = when;
  say("  a Date", await node.request("a/same", when).catch(({ code }) => code));
  say("  as a result", await node.request("a/give").then(() => true, describe));
  kept = { inner: { list: [1] }, bytes: new Uint8Array(1) };
  say(
    "  the object itself",
    await node.request("a/same", kept),
    (await node.request("a/give")) === kept,
  );
  const change = node.request("a/change", kept);
  say(
    "  a handler that writes",
    await change.then(
      () => "may",
      ({ cause }) => cause.name,
    ),
  );
  say("  frozen", [kept, kept.inner, kept.inner.list, kept.bytes].map(Object.isFrozen));
  let event;
  node.on("a/b", ({ value }) => {
    event = value;
  });
  const value = { inner: {} };
  await node.publish("a/b", value);
  say("  an event", event === value, Object.isFrozen(value.inner));
  say("  of an event", await rejection(node.publish("a/b", when)));
  await node.stop();
}
say(thrown(() => new Node({}, { checkValues: true })));
end();

// trace
// checkValues undefined
//   a Date true
//   as a result true
//   the object itself true true
//   a handler that writes may
//   frozen [false, false, false, false]
//   an event true false
//   of an event Error: it resolved with undefined
// checkValues off
//   a Date true
//   as a result true
//   the object itself true true
//   a handler that writes may
//   frozen [false, false, false, false]
//   an event true false
//   of an event Error: it resolved with undefined
// checkValues check
//   a Date ERR_RUNAR_VALUE
//   as a result ValueError ERR_RUNAR_VALUE: result: a Date cannot cross; send toISOString()
//   the object itself true true
//   a handler that writes may
//   frozen [false, false, false, false]
//   an event true false
//   of an event ValueError ERR_RUNAR_VALUE: value: a Date cannot cross; send toISOString()
// checkValues freeze
//   a Date ERR_RUNAR_VALUE
//   as a result ValueError ERR_RUNAR_VALUE: result: a Date cannot cross; send toISOString()
//   the object itself true true
//   a handler that writes TypeError
//   frozen [true, true, true, false]
//   an event true true
//   of an event ValueError ERR_RUNAR_VALUE: value: a Date cannot cross; send toISOString()
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.checkValues: expected "off", "check" or "freeze", got true
// end
// exit 0
