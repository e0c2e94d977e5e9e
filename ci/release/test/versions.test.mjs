import { execFileSync } from "node:child_process";
import { afterAll, expect, it } from "vitest";
import { fs, path } from "zx";
import { root } from "../../paths.mjs";
import { FILES, versionsIn, writeVersion } from "../versions.mjs";

const copy = path.join(root, "target", "release-versions");
afterAll(() => fs.remove(copy));

it("the version is the same everywhere", () => {
  expect(new Set(versionsIn(root).map(({ version }) => version)).size).toBe(1);
});

it("one command writes a new version everywhere, and cargo accepts the lock file", async () => {
  const before = versionsIn(root)[0].version;
  await fs.emptyDir(copy);
  for (const file of FILES) await fs.copy(path.join(root, file), path.join(copy, file));
  for (const crate of ["ffi", "logging-bridge", "test-peer"]) {
    const manifest = path.join("crates", crate, "Cargo.toml");
    await fs.copy(path.join(root, manifest), path.join(copy, manifest));
    await fs.outputFile(path.join(copy, "crates", crate, "src", "lib.rs"), "");
  }
  await fs.copy(path.join(root, "crates/ffi/build.rs"), path.join(copy, "crates/ffi/build.rs"));
  writeVersion(copy, "7.8.9-beta.1");
  for (const { version } of versionsIn(copy)) expect(version).toBe("7.8.9-beta.1");
  const lock = await fs.readJson(path.join(copy, "package-lock.json"));
  const members = Object.entries(lock.packages).filter(([name]) => !name.includes("node_modules"));
  expect(JSON.stringify(members)).not.toContain(`"${before}"`);
  execFileSync("cargo", ["metadata", "--locked", "--format-version", "1"], {
    cwd: copy,
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  execFileSync("cargo", ["tree", "--locked", "--package", "runar-js-ffi"], {
    cwd: copy,
  });
});

it("refuses an invalid version", () => {
  expect(() => writeVersion(root, "next")).toThrow("next is no version");
});
