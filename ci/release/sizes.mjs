// What is in an addon, by crate: the sizes of the symbols of one that has them.
// cargo-bloat counts code alone, and names no crate for that of C.
import { $, glob, path } from "zx";

/** A name of Rust: the crate of what it is about, a type before the trait that it implements. */
const CRATE = /(?<![\w:])([a-z_]\w*)::/;
const STANDARD = new Set(["core", "alloc", "std"]);
/** Sections that hold what symbols name; of the others, the linker makes their contents. */
const NAMED = /^\.(text|rodata|data(\.rel\.ro)?)\b/;

const run = $({ quiet: true });

function crateOf(name) {
  // What drops a value is that value's.
  const [, crate] = CRATE.exec(name.replace(/^core::ptr::drop_in_place</, "")) ?? [];
  return STANDARD.has(crate) ? "the standard library" : crate;
}

/** The symbols of the archives that build scripts have made, by the package that they are of. */
async function archivesOf(scripts) {
  const found = new Map();
  for (const archive of await glob("*/out/**/*.a", { cwd: scripts })) {
    const name = archive.split("/")[0].replace(/-[0-9a-f]+$/, "");
    const file = path.join(scripts, archive);
    const { stdout } = await run`nm --defined-only --print-size ${file}`;
    const symbols = found.get(name) ?? { exported: new Set(), all: new Set() };
    for (const [, kind, symbol] of stdout.matchAll(/^[0-9a-f ]* (\w) (\S+)$/gm)) {
      symbols.all.add(symbol);
      if (kind === kind.toUpperCase()) symbols.exported.add(symbol);
    }
    found.set(name, symbols);
  }
  return found;
}

/** The package of each symbol; what several have is of the one that more of the addon is from. */
async function packagesOf(names, scripts) {
  const weight = ({ exported }) => names.filter((name) => exported.has(name)).length;
  const archives = [...(await archivesOf(scripts))];
  const ordered = archives.sort(([, one], [, other]) => weight(other) - weight(one));
  return (name) => ordered.find(([, { all }]) => all.has(name))?.[0];
}

async function sectionsOf(addon) {
  const { stdout } = await run`readelf --section-headers --wide ${addon}`;
  const rows = stdout.matchAll(/\] (\.\S+)\s+(\w+)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) \S+ +\w*A/g);
  return [...rows]
    .filter(([, , type]) => type !== "NOBITS")
    .map(([, name, , size]) => ({ name, size: Number.parseInt(size, 16) }));
}

/**
 * @param addon a file of ELF with its symbols
 * @param scripts the folder of what build scripts built for it
 * @returns bytes by crate, by section for what has no name, and of all that is loaded
 */
export async function sizesOf(addon, scripts) {
  const { stdout } = await run`nm --print-size --radix d --demangle ${addon}`;
  // The same bytes may have several names.
  const symbols = new Map();
  for (const [, address, size, name] of stdout.matchAll(/^(\d+) (\d+) [trdTRDVW] (.+)$/gm)) {
    symbols.set(address, { size: Number(size), name });
  }
  const names = [...symbols.values()].map(({ name }) => name);
  const packageOf = await packagesOf(names, scripts);
  const crates = new Map();
  let named = 0;
  for (const { size, name } of symbols.values()) {
    const crate = packageOf(name) ?? crateOf(name) ?? "no crate";
    crates.set(crate, (crates.get(crate) ?? 0) + size);
    named += size;
  }
  const sections = await sectionsOf(addon);
  const total = sections.reduce((sum, { size }) => sum + size, 0);
  const others = sections.filter(({ name }) => !NAMED.test(name));
  const nameable = total - others.reduce((sum, { size }) => sum + size, 0);
  return { crates, sections: others, unnamed: nameable - named, total };
}
