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
