// not remote: the case sets the identity of its node
import { Identity, Network, Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const network = Network.create();
const identity = Identity.create();
network.enrol(identity);
const node = new Node({ default_network_id: network.id }, { identity, localCalls: lane });
node.addService({ name: "math", path: "math", actions: { add: (a, b) => a + b } });
say("before it starts", node.id === identity.nodeId);
for (const time of ["first", "second"]) {
  await node.start();
  say(time, node.id === identity.nodeId, await node.request("math/add", [2, 3]));
  await node.stop();
}
say("network", identity.networkId === network.id, identity.networkIds.length);
const { subject, validFrom, validUntil } = identity.certificate;
say("certificate", subject.includes(identity.nodeId), (validUntil - validFrom) / 86_400_000);
end();

// trace
// before it starts true
// first true 5
// second true 5
// network true 1
// certificate true 365
// end
// exit 0
