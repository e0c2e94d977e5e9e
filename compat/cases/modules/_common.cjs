// A program of CommonJS imports what is an ECMAScript module.
exports.run = async () => {
  const { Node, RunarError } = await import("runar-ts");
  const node = new Node({});
  node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
  await node.start();
  const answer = await node.request("a/ping");
  await node.stop();
  return { answer, Node, RunarError };
};
