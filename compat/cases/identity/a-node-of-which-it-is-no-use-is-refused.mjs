import { readFileSync } from "node:fs";
import { Identity, IdentityError, Network, Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

// As the Rust CLI keeps keys: CBOR in base64. The certificate was over when it was given.
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
