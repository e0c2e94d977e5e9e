import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore, Identity } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const folder = mkdtempSync(join(tmpdir(), "runar-compat-"));
const file = join(folder, "node.keys");
const identity = Identity.create();
const keys = identity.export();
const same = (loaded) => Buffer.from(loaded ?? []).equals(keys);

async function refusal(store) {
  const { name, code, message } = await rejection(store.load());
  say(" ", name, code, message.replaceAll(file, "<file>"));
}

for (const [form, options] of [
  ["open", {}],
  ["sealed", { passphrase: "correct horse" }],
]) {
  say(form);
  const store = fileStore(file, options);
  say("  nothing yet", (await store.load()) === undefined);
  await store.save(keys);
  say("  kept", same(await store.load()), (statSync(file).mode & 0o777).toString(8));
  say("  in the open", readFileSync(file).includes(keys.subarray(40, 60)));
  const whole = readFileSync(file);
  chmodSync(file, 0o640);
  await refusal(store);
  chmodSync(file, 0o600);
  writeFileSync(file, whole.subarray(0, 20));
  await refusal(store);
  const later = Uint8Array.from(whole);
  later[8] = 9;
  writeFileSync(file, later);
  await refusal(store);
  const changed = Uint8Array.from(whole);
  changed[whole.length - 1] ^= 1;
  writeFileSync(file, changed);
  await refusal(store);
  writeFileSync(file, "hello, world");
  await refusal(store);
  writeFileSync(file, whole);
  await refusal(fileStore(file, { passphrase: "battery staple" }));
  if (form === "sealed") await refusal(fileStore(file));
  say("  nothing else there", readdirSync(folder).length === 1);
  rmSync(file);
}
rmSync(folder, { recursive: true });
end();

// trace
// open
//   nothing yet true
//   kept true 600
//   in the open true
//   IdentityError ERR_RUNAR_KEY_FILE_MODE <file>: others than its owner may read or write it (mode 0640); run: chmod 600 <file>
//   IdentityError ERR_RUNAR_KEY_FILE <file>: was cut short: it has 20 bytes of at least 274
//   IdentityError ERR_RUNAR_KEY_FILE_VERSION <file>: is a key file of version 9, and this version of runar-ts reads version 1
//   IdentityError ERR_RUNAR_KEY_FILE <file>: is damaged: its keys are not those that were written
//   IdentityError ERR_RUNAR_KEY_FILE <file>: is no key file: it does not begin as key files do
//   IdentityError ERR_RUNAR_PASSPHRASE <file>: is not sealed, though a passphrase is given; to seal it, load it without one and save it with one
//   nothing else there true
// sealed
//   nothing yet true
//   kept true 600
//   in the open false
//   IdentityError ERR_RUNAR_KEY_FILE_MODE <file>: others than its owner may read or write it (mode 0640); run: chmod 600 <file>
//   IdentityError ERR_RUNAR_KEY_FILE <file>: was cut short: it has 20 bytes of at least 289
//   IdentityError ERR_RUNAR_KEY_FILE_VERSION <file>: is a key file of version 9, and this version of runar-ts reads version 1
//   IdentityError ERR_RUNAR_PASSPHRASE <file>: the passphrase is wrong, or the file is damaged
//   IdentityError ERR_RUNAR_KEY_FILE <file>: is no key file: it does not begin as key files do
//   IdentityError ERR_RUNAR_PASSPHRASE <file>: the passphrase is wrong, or the file is damaged
//   IdentityError ERR_RUNAR_PASSPHRASE <file>: is sealed, and needs its passphrase
//   nothing else there true
// end
// exit 0
