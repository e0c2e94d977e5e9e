import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const node = new Node({});
for (let index = 0; index < 10_000; index++) node.on(`a/${index}`, () => undefined);
say(thrown(() => node.on("a/more", () => undefined)));
say("one that it has:", node.on("a/1", () => undefined).topic);
end();

// trace
// OverloadError ERR_RUNAR_TOO_MANY_TOPICS: topic "a/more": the node has subscribed to 10000 topics; use a pattern
// one that it has: a/1
// end
// exit 0
