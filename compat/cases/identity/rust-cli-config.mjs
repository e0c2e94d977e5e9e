import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Identity, memoryStore, Network, Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const identity = Identity.create();
Network.create().enrol(identity);
const keys = memoryStore();
const folder = mkdtempSync(join(tmpdir(), "runar-compat-"));
const file = join(folder, "config.json");
const write = (changes = {}) => {
  const config = {
    node_id: identity.nodeId,
    default_network_id: identity.networkId,
    network_ids: [],
    keys_name: "runar_0b5a7c1e",
    node_public_key: identity.publicKey,
    setup_server: { ip: "127.0.0.1", port: 8080 },
    request_timeout_ms: 30000,
    ...changes,
  };
  writeFileSync(file, JSON.stringify(config));
};

write();
say(await rejection(Node.fromFile(file, { keys })));
await keys.save(identity.export());
const node = await Node.fromFile(file, { keys });
await node.start();
say(node.id === identity.nodeId);
await node.stop();
write({ node_public_key: "04ff" });
const { code } = await rejection(Node.fromFile(file, { keys }));
say(code);
write({ keys_nam: "a" });
say(await rejection(Node.fromFile(file, { keys })));
write({ keys_name: undefined });
say(await rejection(Node.fromFile(file)));
rmSync(folder, { recursive: true });
end();

// trace
// IdentityError ERR_RUNAR_KEYS: options.keys: the store has no keys
// true
// ERR_RUNAR_KEYS
// ConfigError ERR_RUNAR_CONFIG: config.keys_nam: unknown key; known are node_id, default_network_id, network_ids, network_config, logging_config, request_timeout_ms, $schema
// ConfigError ERR_RUNAR_CONFIG: config.keys_name: expected the name of an entry of the keyring; or give a store in options.keys
// end
// exit 0
