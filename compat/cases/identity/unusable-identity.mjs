import { readFileSync } from "node:fs";
import { Identity, IdentityError, Network, Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

// Keys in the form of the Rust CLI: CBOR in base64. The certificate was issued expired.
const expired = readFileSync(new URL("./_expired.txt", import.meta.url), "utf8");

function refusal(identity, config = {}) {
  const error = thrown(() => new Node(config, { identity }));
  const ids = {
    [identity.nodeId]: "<node>",
    [identity.networkId]: "<network>",
    [other]: "<other>",
  };
  const message = error.message.replace(/[0-9a-v]{26}/g, (id) => ids[id] ?? id);
  say(error instanceof IdentityError, error.code, message);
}

const other = Network.create().id;
const identity = Identity.create();
refusal(identity);
Network.create().enrol(identity);
refusal(identity, { default_network_id: other });
refusal(Identity.restore(expired));
say(thrown(() => new Node({}, { identity: {} })));
end();

// trace
// true ERR_RUNAR_NOT_ENROLLED The identity of node <node> has no certificate: enrol it with network.enrol(identity)
// true ERR_RUNAR_WRONG_NETWORK config.default_network_id: the identity is of network <network>, not of <other>
// true ERR_RUNAR_CERTIFICATE_EXPIRED The certificate of node <node> has expired: renew it with identity.renew(network)
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.identity: expected an Identity, got an object
// end
// exit 0
