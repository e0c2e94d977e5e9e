// What a user can do when no addon can be loaded, as commands.

/** The first line of what was thrown; those that follow are a stack of `require`. */
export function firstLine(thrown) {
  return (thrown instanceof Error ? thrown.message : String(thrown)).split("\n")[0];
}

/** Of a loader that stands alone in somebody's bundle. */
export function tellBundled() {
  return (
    "runar-ts-ffi was bundled: its loader no longer stands beside its package.json and its addon.\n" +
    "What you can do:\n" +
    "  Leave the package out of the bundle, and install it where the bundle runs:\n" +
    "    esbuild --bundle --platform=node --format=esm --external:runar-ts-ffi"
  );
}

const isMissing = (cause) => /^Cannot find (module|package)|ENOENT/i.test(cause);

const KNOWN = [
  {
    fits: /GLIBC_([\d.]+)/,
    say: ([, needed]) => [
      `The glibc of this machine is older than ${needed}. Use a newer system, or build here:`,
      "  npm_config_build_from_source=true npm rebuild runar-ts-ffi --foreground-scripts",
    ],
  },
  {
    fits: /(?:^|\s)(lib[^/\s]+): cannot open shared object file/,
    say: ([, library]) => [
      `Install the library ${library}, which is a part of every common system:`,
      "  apt-get install libgcc-s1 libc6    # Debian, Ubuntu",
      "  apk add libgcc                     # Alpine",
    ],
  },
  {
    fits: /it is version (\S+), and runar-ts-ffi is version (\S+)/,
    say: ([, theirs, ours]) => [
      `Install the two in one version; ${theirs} is left from another install or build:`,
      `  npm install runar-ts@${ours}`,
    ],
  },
  {
    fits: /it is damaged|it is made for|invalid ELF header|file too short|file data|ELF|Mach-O|not a valid Win32|dlopen|Error (loading|relocating)/i,
    say: () => [
      "The file is damaged, or made for another system. Install it anew:",
      "  npm cache verify",
      "  npm install --force",
    ],
  },
];

function forPackage({ packageName, published, version }) {
  if (published.length > 0 && !published.includes(packageName)) {
    const names = published.map((name) => name.replace("runar-ts-ffi-", ""));
    return [
      "There is no prebuilt addon for this platform; there are:",
      `  ${names.join(" ")}`,
      "Build it here; what that needs is said by the build itself:",
      "  npm_config_build_from_source=true npm rebuild runar-ts-ffi --foreground-scripts",
    ];
  }
  return [
    `${packageName} is not installed: optional dependencies were left out, or the lock file was`,
    "written on another platform. Install it:",
    `  npm install --include=optional`,
    `  npm install --no-save ${packageName}@${version}    # if that did not help`,
  ];
}

/** Lines of text and, indented further, of commands. */
export function advice({ causes, isOverridden, ...platform }) {
  const lines = [];
  for (const cause of causes.filter((cause) => !isMissing(cause))) {
    const known = KNOWN.find(({ fits }) => fits.test(cause));
    if (known !== undefined) lines.push(...known.say(known.fits.exec(cause)));
  }
  if (isOverridden) {
    lines.push(
      "RUNAR_TS_FFI_PATH names the only addon that is tried. Without it the installed one is:",
      process.platform === "win32" ? "  set RUNAR_TS_FFI_PATH=" : "  unset RUNAR_TS_FFI_PATH",
    );
  } else if (lines.length === 0) {
    lines.push(...forPackage(platform));
  }
  lines.push("See everything that was looked at:", "  npx runar-ts doctor");
  return lines.map((line) => `  ${line}`);
}
