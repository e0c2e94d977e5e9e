// Builds and settings under which the same cases are run on Node to find what a trace cannot show.
import { existsSync } from "node:fs";

/** Where a frame of a report lies in the addon. */
const IN_ADDON = /runar-ts-ffi[^\s]*\.node|librunar_js_ffi\.so/;

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

/** The first report that concerns the addon: Node's own leaks at exit are not ours. */
export function ownLeak(stderr) {
  return stderr
    .split(/\n\s*\n/)
    .find((block) => /^(Direct|Indirect) leak of/m.test(block) && IN_ADDON.test(block));
}

export const INSTRUMENTS = {
  address: {
    build: "address",
    env: withSanitizer("detect_leaks=0:abort_on_error=0:exitcode=99:handle_segv=0"),
    examine: ({ stderr }) =>
      stderr.includes("ERROR: AddressSanitizer") ? { kind: "crash", why: stderr } : undefined,
  },
  leaks: {
    build: "address",
    env: withSanitizer("detect_leaks=1:exitcode=0:fast_unwind_on_malloc=1:malloc_context_size=20"),
    examine: ({ stderr }) => {
      const block = ownLeak(stderr);
      return block === undefined ? undefined : { kind: "leak", why: block };
    },
  },
  gc: { env: () => ({ COMPAT_COLLECTS: "1" }), examine: () => undefined },
};
