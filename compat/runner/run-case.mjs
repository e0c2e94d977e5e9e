// Runs one case in a process of its own, and says what was seen of it.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pidusage from "pidusage";

const LOOK_EVERY_MS = 250;

const DEFAULT_LIMITS = { milliseconds: 60_000, bytes: 1 << 30 };

function readFacts(file) {
  const facts = {};
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    Object.assign(facts, JSON.parse(line));
  }
  return facts;
}

/**
 * Watches over a process: tells which limit it broke, after killing it for that, and how long it
 * computed up to then: next to nothing says that it waited, or that the machine left it no time.
 */
function watch(child, limits) {
  let broken;
  let computed = 0;
  const kill = (limit) => {
    broken ??= limit;
    child.kill("SIGKILL");
  };
  const clock = setTimeout(() => kill("time"), limits.milliseconds);
  const scales = setInterval(async () => {
    // A process that ended between two looks has no memory left to look at.
    const usage = await pidusage(child.pid).catch(() => undefined);
    if (usage === undefined) return;
    computed = usage.ctime;
    if (usage.memory > limits.bytes) kill("memory");
  }, LOOK_EVERY_MS);
  return () => {
    clearTimeout(clock);
    clearInterval(scales);
    return { broken, computed };
  };
}

/**
 * Runs a case; never rejects for what the case does.
 *
 * @param program the runtime's program, and `args` what it gets before the file
 * @returns `{ code, signal, stdout, stderr, facts, broken, computed }`, the last in milliseconds
 */
export async function runCase({ program, args, file, cwd, lane, env = {}, limits = {} }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "runar-compat-"));
  const names = ["stdout", "stderr", "facts"].map((name) => path.join(folder, name));
  // Files, not pipes: what a case writes in its last moment is there all the same.
  const [stdout, stderr, facts] = names.map((name) => openSync(name, "a"));
  try {
    const laneEnv = lane === undefined ? {} : { COMPAT_LANE: lane };
    const child = spawn(program, [...args, file], {
      cwd,
      stdio: ["ignore", stdout, stderr],
      env: { ...process.env, NO_COLOR: "1", ...env, ...laneEnv, COMPAT_FACTS: names[2] },
    });
    const unwatch = watch(child, { ...DEFAULT_LIMITS, ...limits });
    const ended = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => resolve({ code, signal }));
    });
    const [out, err] = names.map((name) => readFileSync(name, "utf8"));
    return { ...ended, stdout: out, stderr: err, facts: readFacts(names[2]), ...unwatch() };
  } finally {
    for (const file of [stdout, stderr, facts]) closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
