import { Identity, keyringStore } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const store = keyringStore({ account: "runar_1" });
say(await rejection(store.load()));
say(await rejection(store.save(Identity.create().export())));

class Entry {
  static kept = new Map();
  constructor(service, account) {
    this.name = `${service}/${account}`;
  }
  getPassword() {
    return Entry.kept.get(this.name) ?? null;
  }
  setPassword(password) {
    Entry.kept.set(this.name, password);
  }
}
const library = { Entry, findCredentials: () => [] };
const given = keyringStore({ account: "runar_1", library });
say("nothing yet", (await given.load()) === undefined);
const identity = Identity.create();
await given.save(identity.export());
say(
  [...Entry.kept.keys()],
  Buffer.from([...Entry.kept.values()][0], "base64").toString("latin1", 2, 15),
);
say("kept", Identity.restore(await given.load()).nodeId === identity.nodeId);
end();

// trace
// IdentityError ERR_RUNAR_KEYRING: The keyring of the system needs the package @napi-rs/keyring: npm install @napi-rs/keyring
// IdentityError ERR_RUNAR_KEYRING: The keyring of the system needs the package @napi-rs/keyring: npm install @napi-rs/keyring
// nothing yet true
// ["runar-node/runar_1"] node_key_pair
// kept true
// end
// exit 0
