// What the run of a case amounts to.
import { createTwoFilesPatch } from "diff";

/** The last line that a case prints before its process ends. */
const LAST_LINE = "end\n";

/** Every kind of result; `pass` is the only good one. */
export const KINDS = [
  "pass",
  "wrong output",
  "crash",
  "hang",
  "early exit",
  "leak",
  "wrong runtime",
];

function isRuntime({ kind, version }, versions) {
  return kind === "bun" ? versions.bun === version : !versions.bun && versions.node === version;
}

function said(versions) {
  return versions.bun ? `Bun ${versions.bun}` : `Node ${versions.node}`;
}

/** What the addon held at exit and should not have; `undefined` for nothing. */
function leaked({ live, leaving }) {
  if (leaving === "unknown") return undefined;
  if (live.failed !== undefined) return `no counters: ${live.failed}`;
  const wrong = Object.entries(live).filter(
    ([name, count]) => name !== "nodes" && count > (leaving[name] ?? 0),
  );
  if (wrong.length === 0) return undefined;
  return wrong
    .map(([name, count]) => `${name}: ${count}, and may be ${leaving[name] ?? 0}`)
    .join("; ");
}

/** The whole trace: what the case printed, and the code with which its process ended. */
export function traceOf({ stdout, code }) {
  return `${stdout}exit ${code}\n`;
}

/** How a trace differs from the golden one. */
export function difference(golden, trace) {
  const patch = createTwoFilesPatch("golden", "seen", golden, trace, "", "", { context: 3 });
  return patch.split("\n").slice(3).join("\n").trimEnd();
}

/**
 * Judges a run.
 *
 * @returns `{ kind, why }`, where `why` is `undefined` for a pass
 */
export function verdictOf(runtime, golden, seen) {
  const { code, signal, stdout, facts, broken, computed } = seen;
  const finished = stdout.endsWith(LAST_LINE);
  if (facts.versions !== undefined && !isRuntime(runtime, facts.versions)) {
    return {
      kind: "wrong runtime",
      why: `meant ${runtime.kind} ${runtime.version}, ran ${said(facts.versions)}`,
    };
  }
  if (broken === "memory") return { kind: "leak", why: "it took more memory than it may" };
  if (broken === "time") {
    const busy = `it had computed for ${(computed / 1000).toFixed(1)} s`;
    return finished
      ? { kind: "leak", why: `an open handle kept the process alive after its last line; ${busy}` }
      : { kind: "hang", why: `no last line within the time limit; ${busy}` };
  }
  if (signal !== null) return { kind: "crash", why: `killed by ${signal}` };
  if (code === 0 && !finished)
    return { kind: "early exit", why: "exit code 0 without the last line" };
  const trace = traceOf(seen);
  if (golden === undefined)
    return { kind: "wrong output", why: `the case has no golden trace yet; it printed:\n${trace}` };
  if (trace !== golden) return { kind: "wrong output", why: difference(golden, trace) };
  if (facts.versions === undefined)
    return { kind: "wrong runtime", why: "the case did not say what it ran on" };
  if (facts.leaving === undefined)
    return { kind: "early exit", why: "the last line is there, but not from the kit's end()" };
  const leak = leaked(facts);
  return leak === undefined ? { kind: "pass" } : { kind: "leak", why: `held at exit: ${leak}` };
}
