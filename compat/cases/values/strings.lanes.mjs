import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
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
for (let first = 0; first < 0x3000; first += 0x100) {
  const texts = Array.from({ length: 0x100 }, (_, n) => String.fromCodePoint(first + n));
  const back = await Promise.all(texts.map((text) => node.request("a/echo", text)));
  wrong += back.filter((text, n) => text !== texts[n]).length;
}
say("one character each: wrong", wrong);
for (const text of [
  "",
  "plain",
  "ümlaut",
  "世界",
  "🌍 astral",
  "nul \0 inside",
  "\u2028",
  "x".repeat(100_000),
  "é".repeat(50_000),
]) {
  const answer = await node.request("a/echo", text);
  say(text.length, answer === text ? "came back" : "differs");
}
await node.stop();
end();

// trace
// feff 6d 61 72 6b true
// 61 feff true
// 0 true
// 7f 80 ff true
// 2028 2029 true
// d7ff e000 ffff true
// 10000 10ffff true
// 65 301 true
// 1f469 200d 1f469 200d 1f467 true
// one character each: wrong 0
// 0 came back
// 5 came back
// 6 came back
// 2 came back
// 9 came back
// 12 came back
// 1 came back
// 100000 came back
// 50000 came back
// end
// exit 0
