import { inspect } from "node:util";
import { Identity, Network } from "runar-ts";
import { end, say } from "../../kit.mjs";

const network = Network.create();
const identity = Identity.create();
network.enrol(identity);

// The secret scalar of the key pair, which is the first field of the keys.
const secret = Buffer.from(identity.export().subarray(44, 76));
const part = secret.subarray(0, 8);
const forms = [
  part.toString("hex"),
  part.join(","),
  part.join(", "),
  part.toString("hex").replace(/..(?!$)/g, "$& "),
];
const gives = (text) => forms.some((form) => text.toLowerCase().includes(form));

say("found where it is", gives(JSON.stringify([...identity.export()])));
for (const [name, one] of Object.entries({ identity, network })) {
  const shown = inspect(one, { showHidden: true, depth: 9 });
  say(name, "inspect", gives(shown), "JSON", gives(JSON.stringify(one)), Object.keys(one));
}
say(
  inspect(network) === `Network { id: '${network.id}' }` ||
    inspect(network) === `Network { id: "${network.id}" }`,
);
say(
  JSON.stringify(network) === `{"id":"${network.id}"}`,
  Object.keys(JSON.parse(JSON.stringify(identity))),
);
end();

// trace
// found where it is true
// identity inspect false JSON false []
// network inspect false JSON false ["id"]
// true
// true ["nodeId", "publicKey", "networkIds", "certificate"]
// end
// exit 0
