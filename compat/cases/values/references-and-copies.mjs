import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

for (const localCalls of ["direct", "native"]) {
  const node = new Node({}, { localCalls });
  let kept;
  node.addService({
    name: "a",
    path: "a",
    actions: {
      keep: (value) => {
        kept = value;
        return value;
      },
      change: (value) => {
        value.changed = true;
        value.bytes[0] = 99;
        return value.bytes;
      },
    },
  });
  await node.start();
  const value = { n: 1, bytes: new Uint8Array([1, 2]) };
  const back = await node.request("a/keep", value);
  say(localCalls, "the handler got the same object", kept === value, "the caller", back === value);
  const bytes = await node.request("a/change", value);
  say("  what the handler changed shows", value.changed ?? false, value.bytes, bytes);
  bytes.fill(5);
  const again = await node.request("a/change", { bytes: new Uint8Array([1, 2]) });
  say("  an answer is the caller's own", bytes, again);
  const payload = { bytes: new Uint8Array([1]) };
  const call = node.request("a/keep", payload);
  payload.bytes[0] = 2;
  say("  changed after the call was made", (await call).bytes);
  await node.stop();
}
end();

// trace
// direct the handler got the same object true the caller true
//   what the handler changed shows true bytes[99 2] bytes[99 2]
//   an answer is the caller's own bytes[5 5] bytes[99 2]
//   changed after the call was made bytes[2]
// native the handler got the same object false the caller false
//   what the handler changed shows false bytes[1 2] bytes[99 2]
//   an answer is the caller's own bytes[5 5] bytes[99 2]
//   changed after the call was made bytes[1]
// end
// exit 0
