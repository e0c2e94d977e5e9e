// Publishes what the gate has checked, byte for byte: to npm with provenance, and as a release of the forge
// with notes made from the commits. May be run again after a failure: what is published stays so.
import { createHash } from "node:crypto";
import { $, fs, path } from "zx";
import { readOptions, runCommand } from "../options.mjs";
import { root } from "../paths.mjs";
import { releaseDir } from "../release/pack.mjs";
import { versionsIn } from "../release/versions.mjs";

const USAGE = `usage: npm run release:publish -- --tag vX.Y.Z [--dry]

Publishes the packages of target/release-packages. With --dry it says what it would do.`;

/** The order of publishing: whoever installs one in that moment finds what it asks for. */
const ORDER = [/^runar-ts-ffi-[a-z]/, /^runar-ts-ffi-\d/, /^runar-ts-\d/, /^create-runar-ts-\d/];

async function checkedFiles() {
  const sums = await fs.readFile(path.join(releaseDir, "SHA256SUMS"), "utf8");
  const files = [];
  for (const [, expected, name] of sums.matchAll(/^(\w+) {2}(.+)$/gm)) {
    const file = path.join(releaseDir, name);
    const found = createHash("sha256")
      .update(await fs.readFile(file))
      .digest("hex");
    if (found !== expected) throw new Error(`${name} is not what the gate has checked`);
    files.push(file);
  }
  return files;
}

async function isPublished(tarball) {
  const { stdout } = await $({
    quiet: true,
  })`tar --extract --gzip --to-stdout --file ${tarball} package/package.json`;
  const { name, version } = JSON.parse(stdout);
  const view = await $({ quiet: true, nothrow: true })`npm view ${name}@${version} dist.integrity`;
  const theirs = view.stdout.trim();
  if (theirs === "") return false;
  const hash = createHash("sha512")
    .update(await fs.readFile(tarball))
    .digest("base64");
  if (theirs !== `sha512-${hash}`)
    throw new Error(`${name} ${version} is published with other bytes`);
  return true;
}

/** What changed since the release before, a line for each commit. */
async function notesFor(tag) {
  const git = $({ cwd: root, quiet: true });
  const before = await git({
    nothrow: true,
  })`git describe --tags --abbrev=0 --match ${"v*"} ${tag}^`;
  const range = before.exitCode === 0 ? `${before.stdout.trim()}..${tag}` : tag;
  const { stdout } = await git`git log --no-merges --reverse ${"--format=- %s"} ${range}`;
  return stdout;
}

await runCommand(USAGE, async () => {
  const { tag, dry } = readOptions({ strings: ["tag"], flags: ["dry"] });
  const [{ version }] = versionsIn(root);
  if (tag !== `v${version}`) throw new Error(`the tag of ${version} is v${version}, not ${tag}`);
  const files = await checkedFiles();
  const tarballs = ORDER.flatMap((pattern) =>
    files.filter((file) => file.endsWith(".tgz") && pattern.test(path.basename(file))),
  );
  const channel = version.includes("-") ? "next" : "latest";
  for (const tarball of tarballs) {
    if (!dry && (await isPublished(tarball))) continue;
    console.log(`npm publish ${path.basename(tarball)}, as ${channel}`);
    const options = ["--provenance", "--access", "public", "--tag", channel];
    if (!dry) await $({ stdio: "inherit" })`npm publish ${tarball} ${options}`;
  }
  const notes = path.join(releaseDir, "notes.md");
  await fs.writeFile(notes, await notesFor(dry ? "HEAD" : tag));
  const assets = [...files, path.join(releaseDir, "SHA256SUMS")];
  console.log(`gh release create ${tag}, with ${assets.length} files and these notes:`);
  console.log(await fs.readFile(notes, "utf8"));
  const options = ["--verify-tag", "--title", version, "--notes-file", notes];
  if (!dry) await $({ cwd: root, stdio: "inherit" })`gh release create ${tag} ${options} ${assets}`;
  return true;
});
