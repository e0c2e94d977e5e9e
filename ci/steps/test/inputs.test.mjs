// When a build by cargo is due.
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildWhenDue } from "../../inputs.mjs";
import { root } from "../../paths.mjs";

const name = `test-${process.pid}`;
let folder;
let builds;
const at = (file) => path.join(folder, file);
const age = (file, seconds) => {
  const time = Date.now() / 1000 - seconds;
  utimesSync(at(file), time, time);
};

const build = (settings = "release") =>
  buildWhenDue(name, settings, async () => {
    builds++;
    writeFileSync(at("addon.node"), `build ${builds}`);
    const made = at("addon.node");
    writeFileSync(at("addon.d"), `${made}: ${at("a.rs")} ${at("with\\ space.rs")}\n\n${made}:\n`);
    return { made, read: at("addon.d") };
  });

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "inputs-"));
  builds = 0;
  for (const file of ["a.rs", "with space.rs"]) {
    writeFileSync(at(file), "");
    age(file, 60);
  }
  await build();
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(path.join(root, "target", "builds", `${name}.json`));
});

it("is not due again while nothing changes", async () => {
  expect(await build()).toBe(at("addon.node"));
  expect(builds).toBe(1);
  expect(readFileSync(at("addon.node"), "utf8")).toBe("build 1");
});

it.each(["a.rs", "with space.rs"])("is due once %s is newer", async (file) => {
  age(file, -1);
  await build();
  expect(builds).toBe(2);
});

it("is due once a source is gone", async () => {
  rmSync(at("a.rs"));
  await build();
  expect(builds).toBe(2);
});

it("is due once what it made is gone, or is another", async () => {
  rmSync(at("addon.node"));
  await build();
  expect(builds).toBe(2);
  age("addon.node", 30);
  await build();
  expect(builds).toBe(3);
});

it("is due with other settings", async () => {
  await build("dist");
  expect(builds).toBe(2);
});

it("is due with other flags of the compiler", async () => {
  process.env.RUSTFLAGS = "-Cdebuginfo=1";
  try {
    await build();
  } finally {
    delete process.env.RUSTFLAGS;
  }
  expect(builds).toBe(2);
});
