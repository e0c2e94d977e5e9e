// What is tested, as steps: `npm test` runs the group `test`, and `npm run test:all` the group `rest`, each
// after the builds that its steps need.
import { $, path } from "zx";
import { buildFixtureAddon, hostTriple } from "../addon.mjs";
import { checkRust, checkSource } from "../lints.mjs";
import { installedProject } from "../packages.mjs";
import { root } from "../paths.mjs";
import { shortRuntimesHere } from "../runtimes.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

const bin = (name) => path.join(root, "node_modules", ".bin", name);
const shell = (cwd = "", env = {}) =>
  $({ cwd: path.join(root, cwd), stdio: "inherit", env: { ...process.env, ...env } });
const vitest = (cwd, { args = [], env } = {}) => shell(cwd, env)`${bin("vitest")} run ${args}`;
const command = (...args) => shell()`node ci/run.mjs ${args}`;

const nameOf = ({ kind, version }) => `${kind}@${version}`;
/** The runtime at hand and the newest Bun: `npm test` has these, and the group `rest` the others. */
const first = [
  nameOf({ kind: "node", version: process.versions.node }),
  nameOf(shortRuntimesHere.findLast(({ kind }) => kind === "bun")),
];
const others = shortRuntimesHere.map(nameOf).filter((name) => !first.includes(name));
const conformance = (runtimes) =>
  command("compat", "--check", ...runtimes.flatMap((name) => ["--runtime", name]));

const ADDON = "addon";
const FIXTURES = "fixtures";
/** What two steps never do at a time: cargo has one build after another wait for it. */
const CARGO = "cargo";

/**
 * In the order in which they begin: what takes longest comes before what can fill the gaps.
 *
 * - `group`: `build`, `test` or `rest`
 * - `needs`: the steps that must have passed
 * - `alone`: what no other step may use meanwhile
 */
export const steps = [
  {
    name: "lint",
    about: "formatting, lints and the structure of the source",
    group: "test",
    run: checkSource,
  },
  {
    name: "clippy",
    about: "lints of the Rust code",
    group: "test",
    alone: [CARGO],
    run: checkRust,
  },
  {
    name: ADDON,
    about: "builds the addon and compiles the TypeScript",
    group: "build",
    alone: [CARGO],
    run: () => compileTypeScript(),
  },
  {
    name: FIXTURES,
    about: "builds the addon of the tests and the Rust peer",
    group: "build",
    alone: [CARGO],
    async run() {
      await buildFixtureAddon();
      await buildTestPeer();
    },
  },
  {
    name: "SDK tests",
    about: "all of sdk/test",
    group: "test",
    needs: [ADDON, FIXTURES],
    run: async () =>
      vitest("sdk", {
        env: {
          RUNAR_TS_FFI_PATH: await buildFixtureAddon(),
          RUNAR_TEST_PEER: await buildTestPeer(),
        },
      }),
  },
  {
    name: "conformance",
    about: `every case on ${first.join(" and ")}`,
    group: "test",
    needs: [ADDON],
    run: () => conformance(first),
  },
  {
    name: "Rust tests",
    about: "those of the workspace",
    group: "test",
    alone: [CARGO],
    run: async () =>
      shell()`cargo test --workspace --release --target ${await hostTriple()} --quiet`,
  },
  {
    name: "harness",
    about: "the conformance suite tests itself with planted faults",
    group: "test",
    needs: [ADDON, FIXTURES],
    async run() {
      const project = await installedProject(await buildFixtureAddon(), "compat-harness");
      await vitest("compat", { env: { COMPAT_PROJECT: project } });
    },
  },
  {
    name: "generated",
    about: "what is generated is up to date",
    group: "test",
    needs: [ADDON],
    async run() {
      // The build writes it.
      await shell()`git diff --exit-code -- crates/ffi/native.d.ts`;
      await command("generate", "--check");
    },
  },
  {
    name: "types",
    about: "the types of the tests",
    group: "test",
    needs: [ADDON],
    async run() {
      for (const folder of ["sdk", "create"]) await shell()`${bin("tsc")} -p ${folder}/test`;
    },
  },
  {
    name: "scripts",
    about: "the structure check, the order of these steps, and command lines",
    group: "test",
    async run() {
      await vitest("ci/structure/test");
      await vitest("ci/steps/test");
      await vitest("ci/test");
    },
  },
  {
    name: "loader",
    about: "the loader, its install step, what an install brings, and the one version",
    group: "test",
    needs: [ADDON],
    run: () => vitest("ci/release/test", { args: ["installed", "loader", "versions"] }),
  },
  {
    name: "pages",
    about: "links, codes and names of the documentation",
    group: "test",
    needs: [ADDON],
    run: () => vitest("docs", { args: ["test/pages", "test/glossary", "test/prose"] }),
  },
  {
    name: "create-runar-ts",
    about: "the program that makes projects",
    group: "test",
    needs: [ADDON],
    run: () => vitest("create"),
  },
  {
    name: "conformance elsewhere",
    about: `every case on ${others.join(", ")}`,
    group: "rest",
    needs: [ADDON],
    run: () => conformance(others),
  },
  {
    name: "examples",
    about: "each example and its tests on six runtimes",
    group: "rest",
    needs: [ADDON, FIXTURES],
    run: () => command("runtimes"),
  },
  {
    name: "log queue",
    about: "the queue of log records, model-checked",
    group: "rest",
    alone: [CARGO],
    run: () => command("queue"),
  },
  {
    name: "created project",
    about: "a project that create-runar-ts makes, on six runtimes",
    group: "rest",
    needs: [ADDON],
    run: () => command("create"),
  },
  {
    name: "failed installs",
    about: "what users see when a load or an install fails",
    group: "rest",
    needs: [ADDON],
    run: () => command("failures"),
  },
  {
    name: "network example",
    about: "three processes, one of them in Rust, meet",
    group: "rest",
    needs: [ADDON, FIXTURES],
    run: () => command("demo-network"),
  },
].map((step) => ({ needs: [], alone: [], ...step }));
