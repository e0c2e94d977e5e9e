import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const copies = await Promise.all([import("./_service.mjs?1"), import("./_service.mjs?2")]);
say("copies", copies[0].math !== copies[1].math, copies[0].loaded.times);
const node = new Node({});
node.addService(copies[0].math);
say(thrown(() => node.addService(copies[1].math)).code);
await node.start();
say(await node.request("math/add", [1, 1]));
await node.stop();
end();

// trace
// copies true 1
// ERR_RUNAR_DUPLICATE_SERVICE
// 2
// end
// exit 0
