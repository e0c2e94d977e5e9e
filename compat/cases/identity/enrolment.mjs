import { Identity, Network, Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const network = Network.create();
const identity = Identity.create();
const request = identity.request();
const grant = network.grant(request, { nodeId: identity.nodeId });
const stranger = Identity.create();

const refusal = (body) => {
  const { code, message } = thrown(body);
  const ids = {
    [identity.nodeId]: "<node>",
    [stranger.nodeId]: "<stranger>",
    [network.id]: "<net>",
  };
  say(
    code,
    message.replace(/[0-9a-v]{26}/g, (id) => ids[id] ?? id),
  );
};
refusal(() => network.grant(request, { nodeId: stranger.nodeId }));
refusal(() => network.grant(request.subarray(0, -1)));
refusal(() =>
  network.grant(request.map((byte, at) => (at === request.length - 1 ? byte ^ 1 : byte))),
);
refusal(() => stranger.install(grant));
refusal(() => identity.install(grant, { networkId: "another" }));
refusal(() => identity.install(grant.subarray(1)));
say("still in", identity.networkIds.length);
identity.install(grant, { networkId: network.id });
say("in", identity.networkId === network.id, new Node({}, { identity }).id === identity.nodeId);
identity.renew(network);
say("renewed", identity.networkId === network.id);
refusal(() => stranger.renew(network));
end();

// trace
// ERR_RUNAR_ENROLMENT The request is of node <node>, not of <stranger>
// ERR_RUNAR_ENROLMENT These bytes are no request of a node, or are damaged: identity.request() makes one
// ERR_RUNAR_ENROLMENT The request was changed after its node had signed it
// ERR_RUNAR_ENROLMENT The grant is for another node than <stranger>
// ERR_RUNAR_ENROLMENT The grant is of network <net>, not of another
// ERR_RUNAR_ENROLMENT These bytes are no grant, or are damaged: network.grant(request) makes one
// still in 0
// in true true
// renewed true
// ERR_RUNAR_NOT_ENROLLED The identity of node <stranger> is of no network: enrol it with network.enrol(identity)
// end
// exit 0
