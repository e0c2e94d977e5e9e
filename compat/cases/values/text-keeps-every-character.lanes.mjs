import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const points = (text) => Array.from(text, (character) => character.codePointAt(0).toString(16));
for (const text of [
  "\uFEFFmark",
  "a\uFEFF",
  "\u0000",
  "\u007f\u0080\u00ff",
  "\u2028\u2029",
  "\ud7ff\ue000\uffff",
  "\u{10000}\u{10ffff}",
  "e\u0301",
  "👩‍👩‍👧",
]) {
  const back = await node.request("a/echo", { [text]: text });
  const [key] = Object.keys(back);
  say(points(text).join(" "), key === text && back[key] === text);
}
let wrong = 0;
for (let point = 0; point < 0x3000; point++) {
  const text = String.fromCodePoint(point);
  if ((await node.request("a/echo", text)) !== text) wrong++;
}
say("one character each: wrong", wrong);
await node.stop();
end();
