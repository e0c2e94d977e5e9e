import { end, say } from "../../kit.mjs";

async function add(a, b) {
  const { Node } = await import("runar-ts");
  const node = new Node({});
  node.addService({ name: "math", path: "math", actions: { add: (a, b) => a + b } });
  await node.start();
  const sum = await node.request("math/add", [a, b]);
  await node.stop();
  return sum;
}

say("sum", await add(2, 3));
say("again", await add(4, 5));
end();

// trace
// sum 5
// again 9
// end
// exit 0
