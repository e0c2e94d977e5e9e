import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore, Identity } from "runar-ts";
import { end, say } from "../../kit.mjs";

// Written by Node: every runtime opens a file that another has sealed.
const folder = mkdtempSync(join(tmpdir(), "runar-compat-"));
const file = join(folder, "node.keys");
copyFileSync(new URL("./_sealed.keys", import.meta.url), file);
chmodSync(file, 0o600);
const keys = await fileStore(file, { passphrase: "correct horse" }).load();
say(Identity.restore(keys).nodeId);
rmSync(folder, { recursive: true });
end();

// trace
// otdcs97detrct8hra2mnpgumkc
// end
// exit 0
