// Builds and settings under which the same cases are run on Node to find what a trace cannot show.
import { existsSync } from "node:fs";

/**
 * Whose code a frame of a report is in. The core loses some 80 KB a node whatever its caller does, and
 * with it what it was given, so only a block that nothing else lost leads to counts, and only if our
 * code comes before the core's on the way out of the allocator.
 */
const OURS = /crates\/(ffi|logging-bridge)\/src\//;
const THE_CORES = /\/runar[_-][\w-]+-\d+\.\d+\.\d+\/src\//;

const ASAN_LIBRARIES = [
  "/usr/lib/x86_64-linux-gnu/libasan.so.8",
  "/usr/lib/aarch64-linux-gnu/libasan.so.8",
];

/** The sanitizer's runtime, which has to be there before Node. */
function asanLibrary() {
  const library = ASAN_LIBRARIES.find(existsSync);
  if (library === undefined) {
    throw new Error("AddressSanitizer's library is missing: apt-get install libasan8");
  }
  return library;
}

function withSanitizer(options) {
  return () => ({ LD_PRELOAD: asanLibrary(), ASAN_OPTIONS: options });
}

/** The first lost block that our own code allocated. */
export function ownLeak(stderr) {
  const blocks = stderr.split(/\n\s*\n/).filter((block) => /^Direct leak of/m.test(block));
  return blocks.find((block) => {
    const owner = block.split("\n").find((frame) => OURS.test(frame) || THE_CORES.test(frame));
    return owner !== undefined && OURS.test(owner);
  });
}

/**
 * By their names: the build that an instrument needs, the environment of its runs, the look at what
 * they print, and the planted fault by which it proves first that it finds something.
 */
export const INSTRUMENTS = {
  address: {
    build: "address",
    env: withSanitizer("detect_leaks=0:abort_on_error=0:exitcode=99:handle_segv=0"),
    examine: ({ stderr }) =>
      stderr.includes("ERROR: AddressSanitizer") ? { kind: "crash", why: stderr } : undefined,
    proof: { name: "instruments/reads-freed-memory", kind: "crash" },
  },
  leaks: {
    build: "address",
    env: withSanitizer("detect_leaks=1:exitcode=0:fast_unwind_on_malloc=1:malloc_context_size=40"),
    examine: ({ stderr }) => {
      const block = ownLeak(stderr);
      return block === undefined ? undefined : { kind: "leak", why: block };
    },
    proof: { name: "instruments/loses-memory", kind: "leak" },
  },
  gc: { env: () => ({ COMPAT_COLLECTS: "1" }), examine: () => undefined },
};
