import { deferred, end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const size = 8 * 1024 * 1024;
const heard = deferred();
const { here, there } = await pair((_, b) => {
  b.addService({
    name: "big",
    path: "big",
    actions: {
      bytes: (bytes) => [bytes.length, bytes[0], bytes[size - 1]],
      text: (text) => text.length,
      give: () => new Uint8Array(size).fill(7),
      echo: (value) => value,
    },
    events: { "big/news": (event) => heard.resolve(event.value.length) },
  });
});
const bytes = new Uint8Array(size);
bytes[size - 1] = 255;
const large = here.request("big/bytes", bytes);
say("meanwhile", await here.request("big/echo", ["small"]));
say("bytes", await large);
say("text", (await here.request("big/text", ["é".repeat(size / 2)])) === size / 2);
const given = await here.request("big/give");
say(
  "a result",
  given.length === size,
  given.every((byte) => byte === 7),
);
const all = await Promise.all([1, 2, 3].map(() => here.request("big/bytes", bytes)));
say("three at once", all.length);
await here.publish("big/news", bytes);
say("an event", (await heard.promise) === size);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// meanwhile small
// bytes [8388608, 0, 255]
// text true
// a result true true
// three at once 3
// an event true
// end
// exit 0
