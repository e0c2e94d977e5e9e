import { ArcValue, json, Node, VMap } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

for (const localCalls of ["direct", "native"]) {
  const node = new Node({}, { localCalls, checkValues: "check" });
  node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
  await node.start();
  for (const part of [ArcValue.from(1), VMap.from({}), json({})]) {
    say(localCalls, await rejection(node.request("a/echo", { part })));
    const result = await rejection(node.request("a/echo", { list: [part] }));
    say("  ", result.details?.path ?? result);
  }
  const closed = ArcValue.from(1);
  closed.close();
  say("  closed", (await rejection(node.request("a/echo", closed))).code);
  const sent = ArcValue.from("still carried");
  const call = node.request("a/echo", sent);
  sent.close();
  say("  closed after the call was made:", await call);
  await node.stop();
}
// The values are not closed, and may not have been collected yet.
end({ values: 4 });

// trace
// direct ValueError ERR_RUNAR_VALUE: payload.part: only Rust takes a value of Rust as a part of another; send its toJS()
//    payload.list[0]
// direct ValueError ERR_RUNAR_VALUE: payload.part: only Rust takes a value of Rust as a part of another; send its toJS()
//    payload.list[0]
// direct ValueError ERR_RUNAR_VALUE: payload.part: only Rust takes a value of Rust as a part of another; send its toJS()
//    payload.list[0]
//   closed ERR_RUNAR_CLOSED
//   closed after the call was made: still carried
// native ValueError ERR_RUNAR_VALUE: payload.part: only Rust takes a value of Rust as a part of another; send its toJS()
//    payload.list[0]
// native ValueError ERR_RUNAR_VALUE: payload.part: only Rust takes a value of Rust as a part of another; send its toJS()
//    payload.list[0]
// native ValueError ERR_RUNAR_VALUE: payload.part: only Rust takes a value of Rust as a part of another; send its toJS()
//    payload.list[0]
//   closed ERR_RUNAR_CLOSED
//   closed after the call was made: still carried
// end
// exit 0
