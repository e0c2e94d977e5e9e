// Builds the addon as it is published, but for its symbols, and tells what is in it by crate.
import { WITHOUT_SERVICES } from "../addon.mjs";
import { readOptions, runCommand } from "../options.mjs";
import { buildWithSymbols } from "../release/cross.mjs";
import { sizesOf } from "../release/sizes.mjs";
import { findTarget, hostTarget } from "../release/targets.mjs";

const USAGE = `usage: npm run release:size -- [option …]

  --target TRIPLE     of Linux; by default that of this machine
  --without-services  leaves out what is behind runar-ts/services`;

/** What is smaller stands in one row. */
const SHOWN = 50_000;

const megabytes = (bytes) => (bytes / 1e6).toFixed(2);

function tableOf(addon, { crates, sections, unnamed, total }) {
  const sorted = [...crates].sort(([, one], [, other]) => other - one);
  const shown = sorted.filter(([, size]) => size >= SHOWN);
  const rest = sorted.slice(shown.length);
  const sum = (pairs) => pairs.reduce((whole, [, size]) => whole + size, 0);
  const generated = sections.map(({ name, size }) => [name, size]);
  const rows = [
    ...shown,
    [`${rest.length} others`, sum(rest)],
    ["data without a name", unnamed],
    ["unwinding", sum(generated.filter(([name]) => /^\.(eh_frame|gcc_except)/.test(name)))],
    ["relocations", sum(generated.filter(([name]) => name.startsWith(".rel")))],
    ["all that is loaded", total],
  ];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const head = [line([addon, "MB"]), line(["---", "---:"])];
  return [...head, ...rows.map(([name, size]) => line([name, megabytes(size)]))].join("\n");
}

await runCommand(USAGE, async () => {
  const { target, ...options } = readOptions({
    strings: ["target"],
    flags: ["without-services"],
  });
  const chosen = target === undefined ? await hostTarget() : findTarget(target);
  if (chosen.os !== "linux") throw new Error("only addons of Linux can be looked into");
  const features = options["without-services"] ? WITHOUT_SERVICES : [];
  const { addon, scripts } = await buildWithSymbols(chosen, features);
  console.log(tableOf([chosen.triple, ...features].join(" "), await sizesOf(addon, scripts)));
  return true;
});
