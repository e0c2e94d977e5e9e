import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let ran = 0;
const node = new LaneNode();
const count = () => ++ran;
// biome-ignore lint/suspicious/noThenProperty: an action of that name is what this is about
const actions = { then: count, toJSON: count, toString: count, valueOf: count, ping: count };
node.addService({ name: "a", path: "a", actions });
await node.start();
const client = await (async () => node.client("a"))();
say("awaited, it is itself:", typeof client.ping);
say(JSON.stringify({ client }));
say("symbols", client[Symbol.iterator], client[Symbol.toPrimitive]);
say("handlers that ran:", ran);
say(await client.ping());
say("by its path:", await node.request("a/then"));
await node.stop();
end();

// trace
// awaited, it is itself: function
// {"client":{}}
// symbols undefined undefined
// handlers that ran: 0
// 1
// by its path: 2
// end
// exit 0
