import { end, say } from "../../kit.mjs";

const [first, second] = await Promise.all([
  import("./_top-level-await.mjs"),
  import("./_top-level-await.mjs"),
]);
say(first.answer, first.node.state, "once:", first.node === second.node);
await first.node.stop();
end();

// trace
// pong running once: true
// end
// exit 0
