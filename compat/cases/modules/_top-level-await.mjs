import { Node } from "runar-ts";

export const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
export const answer = await node.request("a/ping");
