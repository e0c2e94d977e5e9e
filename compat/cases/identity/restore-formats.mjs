import { readFileSync } from "node:fs";
import { Identity, Network } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const network = Network.create();
const identity = Identity.create();
network.enrol(identity);
const again = Identity.restore(identity.export());
say("bincode", JSON.stringify(again) === JSON.stringify(identity));
say("network", Network.restore(network.export()).id === network.id);

const text = readFileSync(new URL("./_expired.txt", import.meta.url), "utf8");
const cli = Identity.restore(text);
say("base64", cli.nodeId, cli.certificate.validUntil.toISOString());
say("CBOR", Identity.restore(Buffer.from(text, "base64")).nodeId === cli.nodeId);

for (const bytes of [new Uint8Array(), identity.export().subarray(1), network.export()]) {
  say(thrown(() => Identity.restore(bytes)));
}
say(thrown(() => Network.restore(identity.export())));
end();

// trace
// bincode true
// network true
// base64 n7rbp4bsgg11vor8nbsigp58tk 2026-11-26T16:35:14.000Z
// CBOR true
// IdentityError ERR_RUNAR_KEYS: These bytes are not the keys of a node, or are damaged
// IdentityError ERR_RUNAR_KEYS: These bytes are not the keys of a node, or are damaged
// IdentityError ERR_RUNAR_KEYS: These are the keys of a network's authority, not of a node: use Network.restore
// IdentityError ERR_RUNAR_KEYS: These bytes are not the keys of a network's authority, or are damaged
// end
// exit 0
