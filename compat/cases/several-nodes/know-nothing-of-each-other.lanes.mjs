import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const [a, b] = [1, 2].map(() => new Node({}, { localCalls: lane }));
a.addService({ name: "s", path: "s", actions: { who: () => "a", mine: () => "only a has it" } });
b.addService({ name: "s", path: "s", actions: { who: () => "b" } });
await Promise.all([a.start(), b.start()]);
say("different ids:", a.id !== b.id);
say(await a.request("s/who"), await b.request("s/who"));
say(await a.request("s/mine"));
say((await rejection(b.request("s/mine"))).code);
await a.stop();
say((await rejection(a.request("s/who"))).code, await b.request("s/who"));
await b.stop();
end();

// trace
// different ids: true
// a b
// only a has it
// ERR_RUNAR_NOT_FOUND
// ERR_RUNAR_STOPPED b
// end
// exit 0
