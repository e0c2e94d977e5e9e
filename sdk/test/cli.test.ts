/** The command line, run as users run it. */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "./cli.js";

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

/** What a failure prints, and with which code it ends. */
async function failureOf(args: string[], options = {}) {
  const { code, stdout, stderr } = await runCli(args, options);
  expect(stdout).toBe("");
  const { error } = JSON.parse(stderr);
  expect(error.exitCode).toBe(code);
  return error;
}

const COMMANDS = ["doctor"];
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

describe("help", () => {
  it("lists the commands and the exit codes", async () => {
    const { code, stdout, stderr } = await runCli(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command.split(" ")[0]}`);
    expect(stdout).toMatch(/Exit codes:\n\s+0\s+done\n/);
  });

  it.each(COMMANDS)("of %s tells of its options", async (command) => {
    const { code, stdout, stderr } = await runCli([...command.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: runar-ts ${command}`);
    expect(stdout).toContain("--json");
  });

  it("is shown when a command is missing, which is an error", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: runar-ts");
  });

  it("names the version of the package", async () => {
    const { code, stdout } = await runCli(["--version"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe("a command line that makes no sense ends with 2 and says what was meant", () => {
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

  it("in plain words with --no-json", async () => {
    const { code, stdout, stderr } = await runCli(["doctor", "--jsn", "--no-json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe("error: unknown option '--jsn'\n(Did you mean --json?)\n");
  });
});

describe("doctor", () => {
  it("finds what a node needs", async () => {
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

  it("sends a datagram to the group on every interface and says what became of it", async () => {
    const { stdout } = await runCli(["doctor", "--multicast-group", "239.255.42.99"]);
    const { details, message } = check(stdout, "multicast");
    expect(message).toContain("239.255.42.99");
    expect(details.map(([name]) => name)).toContain("lo 127.0.0.1");
    for (const [, result] of details)
      expect(result).toMatch(/^sent and received$|^sent, but not|E[A-Z]+/);
  });

  it("tells of every addon that it tried, and fails when none can be loaded", async () => {
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

  it("names the addon that is loaded, and why it is that one", async () => {
    const { stdout } = await runCli(["doctor"], { env: { RUNAR_TS_FFI_PATH: undefined } });
    const [outcome, what] = check(stdout, "addon").details[0] ?? [];
    expect(outcome).toBe("loaded");
    expect(what).toMatch(/runar-ts-ffi\.[\w-]+\.node \(built in the folder of runar-ts-ffi\)$/);
  });

  it("fails when the port is in use", async () => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const address = `127.0.0.1:${socket.address().port}`;
    try {
      const { code, stdout } = await runCli(["doctor", "--bind", address]);
      expect(code).toBe(1);
      expect(check(stdout, "port")).toMatchObject({
        status: "failed",
        message: expect.stringContaining(`${address} cannot be had: bind EADDRINUSE`),
      });
    } finally {
      socket.close();
    }
  });

  it("prints paragraphs with --no-json", async () => {
    const { code, stdout } = await runCli(["doctor", "--no-json"], { env: { NO_COLOR: "1" } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^runtime: ok, Node .*\n {2}runar-ts\s+\d/);
    expect(stdout).toContain("\n\nport: ok, ");
  });
});
