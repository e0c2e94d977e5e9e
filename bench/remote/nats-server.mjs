// The server at which clients of NATS meet.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const START_SECONDS = 20;

// The largest message is 1 MiB by default, which has no room for a text of that size.
const CONFIG = `
listen: "127.0.0.1:-1"
max_payload: 16MB
max_pending: 64MB
`;

/** Reads its log until it says that it is ready; returns where it listens. */
async function readiness(lines) {
  let address;
  for await (const line of lines) {
    address ??= /Listening for client connections on (\S+)/.exec(line)?.[1];
    if (line.includes("Server is ready")) return address;
  }
  // It has ended, which is told by whoever waits for that.
  return new Promise(() => {});
}

/** Starts it; returns its address, and what ends it. */
export async function startNatsServer(program) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "runar-ts-nats-"));
  const config = path.join(folder, "nats.conf");
  await writeFile(config, CONFIG);
  const child = spawn(program, ["-c", config], { stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const closed = once(child, "close");
  const endedEarly = closed.then(([code, signal]) => {
    throw new Error(`nats-server ended with ${signal ?? code} before it was ready`);
  });
  const timer = setTimeout(kill, START_SECONDS * 1000);
  const lines = createInterface({ input: child.stderr });
  const address = await Promise.race([readiness(lines), endedEarly]);
  clearTimeout(timer);
  // What it says later is not read, and must not fill the pipe.
  child.stderr.resume();
  return {
    address,
    async stop() {
      child.kill("SIGTERM");
      await closed;
      process.off("exit", kill);
      await rm(folder, { recursive: true });
    },
  };
}
