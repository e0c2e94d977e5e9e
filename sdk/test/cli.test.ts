/** The command line, run as a process. */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ERRORS } from "../dist/generated/error-table.js";
import { EXPLANATIONS } from "../dist/generated/explanations.js";
import { type CliOptions, runCli, startCli } from "./cli.js";

const folders: string[] = [];

/** An empty folder for one test. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "runar-ts-cli-"));
  folders.push(made);
  return made;
}

afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

interface Check {
  name: string;
  status: string;
  message: string;
  details: [string, string][];
}

function check(stdout: string, name: string): Check {
  const found = (JSON.parse(stdout).checks as Check[]).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no check ${name} in ${stdout}`);
  return found;
}

/** The single result of a successful command. */
async function resultOf(args: string[], options: CliOptions = {}) {
  const { code, stdout, stderr } = await runCli(args, options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The output and exit code of a failing command. */
async function failureOf(args: string[], options: CliOptions = {}) {
  const { code, stdout, stderr } = await runCli(args, options);
  expect(stdout).toBe("");
  const { error } = JSON.parse(stderr);
  expect(error.exitCode).toBe(code);
  return error;
}

const COMMANDS = ["doctor", "explain", "keys init-network", "keys enrol", "keys show", "node run"];
/** Runs a function while a UDP port is in use. */
async function withPortInUse(work: (address: string) => Promise<void>): Promise<void> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  try {
    await work(`127.0.0.1:${socket.address().port}`);
  } finally {
    socket.close();
  }
}

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

describe("help", () => {
  it("lists the commands and the exit codes", async () => {
    const { code, stdout, stderr } = await runCli(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command.split(" ")[0]}`);
    expect(stdout).toMatch(/Exit codes:\n\s+0\s+done\n/);
  });

  it.each(COMMANDS)("of %s lists its options", async (command) => {
    const { code, stdout, stderr } = await runCli([...command.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: runar-ts ${command}`);
    expect(stdout).toContain("--json");
  });

  it("is shown with an error when the command is missing", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: runar-ts");
  });

  it("prints the version of the package", async () => {
    const { code, stdout } = await runCli(["--version"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe("an invalid command line exits with 2 and a suggestion", () => {
  it.each([
    [["doctr"], "unknown command 'doctr'\n(Did you mean doctor?)"],
    [["doctor", "--jsn"], "unknown option '--jsn'\n(Did you mean --json?)"],
    [["doctor", "more"], "too many arguments for 'doctor'"],
    [["doctor", "--bind", "here"], "Expected host:port, such as 127.0.0.1:7000."],
    [["doctor", "--bind", "127.0.0.1:65536"], "Expected host:port"],
    [["doctor", "--multicast-group", "10.0.0.1"], "Expected an IPv4 multicast address"],
  ])("%j", async (args, message) => {
    const error = await failureOf(args);
    expect(error).toMatchObject({ exit: "usage", exitCode: 2 });
    expect(error.message).toContain(message);
  });

  it("as plain text with --no-json", async () => {
    const { code, stdout, stderr } = await runCli(["doctor", "--jsn", "--no-json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe("error: unknown option '--jsn'\n(Did you mean --json?)\n");
  });

  it.each([
    ["not on a pipe or in CI", { CI: "true" }, "error:"],
    ["when the user enables them", { FORCE_COLOR: "1" }, "\u001b[31merror:\u001b[39m"],
    ["not when the user disables them", { FORCE_COLOR: "1", NO_COLOR: "1" }, "error:"],
  ])("in colours, %s", async (_, env, start) => {
    const { stderr } = await runCli(["doctr", "--no-json"], { env });
    expect(stderr.slice(0, start.length)).toBe(start);
  });
});

describe("doctor", () => {
  it("checks the requirements of a node", async () => {
    const { code, stdout, stderr } = await runCli(["doctor"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout).ok).toBe(true);
    expect(check(stdout, "runtime").message).toBe(`Node ${process.versions.node}`);
    expect(check(stdout, "addon").message).toMatch(/^runar-ts-ffi \S+ with runar_node 0\.1\.0$/);
    expect(check(stdout, "interfaces").details.map(([, address]) => address)).toContain(
      "127.0.0.1",
    );
    expect(check(stdout, "port").message).toMatch(/^127\.0\.0\.1 has free ports, such as \d+$/);
  });

  it("sends a datagram to the multicast group on every interface and reports the result", async () => {
    const { stdout } = await runCli(["doctor", "--multicast-group", "239.255.42.99"]);
    const { details, message } = check(stdout, "multicast");
    expect(message).toContain("239.255.42.99");
    expect(details.map(([name]) => name)).toContain("lo 127.0.0.1");
    for (const [, result] of details)
      expect(result).toMatch(/^sent and received$|^sent, but not|E[A-Z]+/);
  });

  it("lists every addon candidate and fails when none loads", async () => {
    const { code, stdout } = await runCli(["doctor"], {
      env: { RUNAR_TS_FFI_PATH: "/nowhere/addon.node" },
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).ok).toBe(false);
    const { status, details } = check(stdout, "addon");
    expect(status).toBe("failed");
    expect(details).toEqual([
      [
        "failed",
        expect.stringMatching(
          /^\/nowhere\/addon\.node \(named by RUNAR_TS_FFI_PATH: Cannot find module/,
        ),
      ],
    ]);
  });

  it("names the loaded addon and why it was chosen", async () => {
    const { stdout } = await runCli(["doctor"], { env: { RUNAR_TS_FFI_PATH: undefined } });
    const [outcome, what] = check(stdout, "addon").details[0] ?? [];
    expect(outcome).toBe("loaded");
    expect(what).toMatch(/runar-ts-ffi\.[\w-]+\.node \(built in the folder of runar-ts-ffi\)$/);
  });

  it("fails when the port is in use", async () => {
    await withPortInUse(async (address) => {
      const { code, stdout } = await runCli(["doctor", "--bind", address]);
      expect(code).toBe(1);
      expect(check(stdout, "port")).toMatchObject({
        status: "failed",
        message: expect.stringContaining(`${address} cannot be had: bind EADDRINUSE`),
      });
    });
  });

  it("prints paragraphs with --no-json", async () => {
    const { code, stdout } = await runCli(["doctor", "--no-json"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^runtime: ok, Node .*\n {2}runar-ts\s+\d/);
    expect(stdout).toContain("\n\nport: ok, ");
  });
});

describe("explain", () => {
  const nowhere = { env: { RUNAR_TS_FFI_PATH: "/nowhere" } };

  it.each(["ERR_RUNAR_LOAD", "err_runar_load", "load"])(
    "explains %s, even when no addon loads",
    async (name) => {
      expect(await resultOf(["explain", name], nowhere)).toMatchObject({
        code: "ERR_RUNAR_LOAD",
        class: "LoadError",
        retryable: false,
        meaning: expect.stringContaining("could not be loaded"),
        advice: expect.stringContaining("`--omit=optional`, on the platform that you run on"),
        help: expect.stringMatching(/troubleshooting#err_runar_load$/),
      });
    },
  );

  it("lists every code with a remedy", async () => {
    const { codes } = await resultOf(["explain"]);
    expect((codes as { code: string }[]).map(({ code }) => code)).toEqual(Object.keys(ERRORS));
    for (const { advice } of Object.values(EXPLANATIONS)) {
      // It contains neither the next section nor relative links.
      expect(advice).toMatch(/^(?!\s)[^#](?:(?!\]\(|\n#)[\s\S])+\S$/);
    }
  });

  it("prints paragraphs with --no-json", async () => {
    const { code, stdout, stderr } = await runCli(["explain", "overload", "--no-json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [title, meaning, ...advice] = stdout.split("\n\n");
    expect(title).toBe("ERR_RUNAR_OVERLOAD (OverloadError, a retry can help)");
    expect(meaning).toContain("Nothing was run");
    expect(advice.join("\n")).toMatch(
      /In the documentation: \S*troubleshooting#err_runar_overload\n$/,
    );
  });

  it("refuses unknown codes", async () => {
    const error = await failureOf(["explain", "ERR_RUNAR_TIMEOUTS"]);
    expect(error).toMatchObject({ exit: "usage", advice: expect.stringContaining("explain") });
  });
});

describe("keys", () => {
  it("creates a network and members that start nodes", async () => {
    const cwd = folder();
    const made = await resultOf(["keys", "init-network", "network.keys"], { cwd });
    expect(made).toEqual({
      kind: "network",
      file: "network.keys",
      networkId: expect.stringMatching(/^\w{20,}$/),
    });
    const member = await resultOf(["keys", "enrol", "a.keys", "--network", "network.keys"], {
      cwd,
    });
    expect(member).toMatchObject({ kind: "node", networkIds: [made.networkId] });
    expect(member.publicKey).toMatch(/^04[0-9a-f]{128}$/);
    expect(statSync(`${cwd}/a.keys`).mode & 0o777).toBe(0o600);
    expect(await resultOf(["keys", "show", "a.keys"], { cwd })).toEqual(member);
    expect(await resultOf(["keys", "show", "network.keys"], { cwd })).toEqual(made);
    expect(
      await resultOf(["keys", "show", "a.keys", "--address", "127.0.0.1:7000"], { cwd }),
    ).toMatchObject({ peer: `${member.publicKey}@127.0.0.1:7000` });
  });

  it("renews a member and keeps its keys", async () => {
    const cwd = folder();
    await resultOf(["keys", "init-network", "network.keys"], { cwd });
    const enrol = ["keys", "enrol", "a.keys", "--network", "network.keys"];
    const { nodeId, publicKey } = await resultOf(enrol, { cwd });
    expect(await resultOf(enrol, { cwd })).toMatchObject({ nodeId, publicKey });
  });

  it("does not overwrite a network", async () => {
    const cwd = folder();
    await resultOf(["keys", "init-network", "network.keys"], { cwd });
    const before = readFileSync(`${cwd}/network.keys`);
    const error = await failureOf(["keys", "init-network", "network.keys"], { cwd });
    expect(error).toMatchObject({ exit: "keys", exitCode: 3 });
    expect(error.message).toBe("network.keys exists, and holds keys already.");
    expect(readFileSync(`${cwd}/network.keys`)).toEqual(before);
  });

  it("seals files with a passphrase from the environment or a file", async () => {
    const cwd = folder();
    const env = { RUNAR_PASSPHRASE: "correct horse" };
    const made = await resultOf(["keys", "init-network", "network.keys"], { cwd, env });
    const missing = await failureOf(["keys", "show", "network.keys"], { cwd });
    expect(missing).toMatchObject({ exit: "keys", code: "ERR_RUNAR_PASSPHRASE" });
    writeFileSync(`${cwd}/passphrase`, "correct horse\n");
    const show = ["keys", "show", "network.keys", "--passphrase-file", "passphrase"];
    expect(await resultOf(show, { cwd })).toEqual(made);
    writeFileSync(`${cwd}/passphrase`, "wrong horse\n");
    const wrong = await failureOf(show, { cwd });
    expect(wrong).toMatchObject({ exit: "keys", code: "ERR_RUNAR_PASSPHRASE" });
    expect(wrong.message).not.toContain("wrong horse");
    writeFileSync(`${cwd}/passphrase`, "\n");
    expect((await failureOf(show, { cwd })).message).toContain("the first line is empty");
  });

  it.skipIf(process.platform === "win32")("refuses a file that others can read", async () => {
    const cwd = folder();
    await resultOf(["keys", "init-network", "network.keys"], { cwd });
    chmodSync(`${cwd}/network.keys`, 0o644);
    const error = await failureOf(["keys", "show", "network.keys"], { cwd });
    expect(error).toMatchObject({
      exit: "keys",
      code: "ERR_RUNAR_KEY_FILE_MODE",
      advice: "npx runar-ts explain ERR_RUNAR_KEY_FILE_MODE: what to do about it",
    });
  });

  it("names missing files and arguments", async () => {
    const cwd = folder();
    expect((await failureOf(["keys", "show", "a.keys"], { cwd })).message).toBe(
      "a.keys does not exist.",
    );
    const error = await failureOf(["keys", "enrol", "a.keys"], { cwd });
    expect(error).toMatchObject({ exit: "usage", exitCode: 2 });
    expect(error.message).toContain("required option '--network <file>' not specified");
  });

  it("are opened when doctor is given them", async () => {
    const cwd = folder();
    await resultOf(["keys", "init-network", "network.keys"], { cwd });
    const { nodeId } = await resultOf(["keys", "enrol", "a.keys", "--network", "network.keys"], {
      cwd,
    });
    const well = await runCli(["doctor"], { cwd, env: { RUNAR_KEY: "a.keys" } });
    expect(well.code).toBe(0);
    expect(check(well.stdout, "keys")).toMatchObject({ status: "ok" });
    expect(check(well.stdout, "keys").details).toContainEqual(["node", nodeId]);
    const missing = await runCli(["doctor", "--key", "b.keys"], { cwd });
    expect(missing.code).toBe(1);
    expect(check(missing.stdout, "keys")).toMatchObject({ status: "failed" });
    const none = await runCli(["doctor"], { cwd, env: { RUNAR_KEY: undefined } });
    expect(check(none.stdout, "keys").message).toMatch(/^none are named/);
  });
});

const MATH = `{ name: "math-service", path: "math", actions: { add: (a, b) => a + b } }`;
const SHOP = `{ name: "shop", path: "shop", actions: { buy: () => "sold" } }`;

describe("node run", () => {
  it.each([
    ["a service", `export default ${MATH};`, [{ path: "math", actions: ["add"] }]],
    [
      "an array of services",
      `export default [${MATH}, ${SHOP}];`,
      [
        { path: "math", actions: ["add"] },
        { path: "shop", actions: ["buy"] },
      ],
    ],
    [
      "a function of the node",
      `export default async (node) => { await node.addService(${SHOP}); };`,
      [{ path: "shop", actions: ["buy"] }],
    ],
  ])("hosts %s until it receives a signal", async (_, text, services) => {
    const cwd = folder();
    writeFileSync(`${cwd}/services.mjs`, text);
    const command = startCli(["node", "run", "services.mjs"], { cwd });
    const started = await command.next({ event: "started" });
    expect(started.services).toHaveLength(services.length);
    expect(started.services).toEqual(expect.arrayContaining(services));
    command.child.kill("SIGTERM");
    await command.next({ event: "stopped" });
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
  });

  it("runs service hooks and stops services on interrupt", async () => {
    const cwd = folder();
    const hooks = `start() { console.log('{"event":"hook","name":"start"}'); },
      stop() { console.log('{"event":"hook","name":"stop"}'); }`;
    writeFileSync(
      `${cwd}/services.mjs`,
      `export default { name: "a", path: "a", actions: {}, ${hooks} };`,
    );
    const command = startCli(["node", "run", "services.mjs"], { cwd });
    await command.next({ event: "hook", name: "start" });
    await command.next({ event: "started" });
    command.child.kill("SIGINT");
    await command.next({ event: "hook", name: "stop" });
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
  });

  it("uses the identity of the given keys", async () => {
    const cwd = folder();
    await resultOf(["keys", "init-network", "network.keys"], { cwd });
    const member = await resultOf(["keys", "enrol", "a.keys", "--network", "network.keys"], {
      cwd,
    });
    writeFileSync(`${cwd}/services.mjs`, `export default ${MATH};`);
    const bind = ["--bind", "127.0.0.1:0"];
    const command = startCli(["node", "run", "services.mjs", "--key", "a.keys", ...bind], { cwd });
    expect(await command.next({ event: "started" })).toMatchObject({
      id: member.nodeId,
      publicKey: member.publicKey,
      networkId: (member.networkIds as string[])[0],
    });
    command.child.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ code: 0 });
  });

  it("exits with 4 when its port is in use", async () => {
    const cwd = folder();
    writeFileSync(`${cwd}/services.mjs`, `export default ${MATH};`);
    await withPortInUse(async (address) => {
      const run = ["node", "run", "services.mjs", "--bind", address, "--log-level", "off"];
      const error = await failureOf(run, { cwd });
      expect(error).toMatchObject({ exit: "network", exitCode: 4 });
      expect(error.message).toContain(address);
    });
  });

  it.each([
    ["does not exist", undefined, 2, "services.mjs does not exist."],
    ["has no default export", "export const a = 1;", 2, "services.mjs has no default export."],
    ["exports no service", "export default [];", 2, "is an empty array"],
    ["exports an invalid service", "export default { name: 1 };", 2, "name"],
    ["throws", `throw new Error("no disk");`, 1, "failed while it was loaded: no disk"],
    ["is not JavaScript", "export default {", 1, "failed while it was loaded"],
    [
      "has a service that does not start",
      `export default { name: "a", path: "a", actions: {}, start() { throw new Error("no disk"); } };`,
      1,
      "no disk",
    ],
  ])("explains what is wrong with a file that %s", async (_, text, exitCode, message) => {
    const cwd = folder();
    if (text !== undefined) writeFileSync(`${cwd}/services.mjs`, text);
    const error = await failureOf(["node", "run", "services.mjs", "--log-level", "off"], { cwd });
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(exitCode);
  });

  it.skipIf("typescript" in process.features && process.features.typescript)(
    "gives a remedy when the runtime cannot read TypeScript",
    async () => {
      const cwd = folder();
      writeFileSync(`${cwd}/services.ts`, "export default {} as object;");
      const error = await failureOf(["node", "run", "services.ts"], { cwd });
      expect(error).toMatchObject({ exit: "usage", advice: expect.stringContaining("22.18") });
    },
  );

  it("reads and checks a config", async () => {
    const cwd = folder();
    writeFileSync(`${cwd}/services.mjs`, `export default ${MATH};`);
    writeFileSync(`${cwd}/node.json`, `{ "netwrk_config": {} }`);
    const run = ["node", "run", "services.mjs", "--config", "node.json"];
    const unknown = await failureOf(run, { cwd });
    expect(unknown).toMatchObject({ exit: "usage", code: "ERR_RUNAR_CONFIG" });
    expect(unknown.message).toContain("did you mean network_config?");
    writeFileSync(`${cwd}/node.json`, "[]");
    expect((await failureOf(run, { cwd })).message).toContain("holds no object");
    writeFileSync(`${cwd}/node.json`, "{");
    expect((await failureOf(run, { cwd })).message).toContain("node.json cannot be read");
  });
});
