// Provokes every way in which the addon can fail to load or to be built, and compares what a user sees
// with docs/guide/installing.md; with --write that is written there.
import { chalk, fs, glob, path } from "zx";
import { readSection, writeSection } from "../marked-section.mjs";
import { readOptions, runCommand } from "../options.mjs";
import { targetOfAddon } from "../packages.mjs";
import { root } from "../paths.mjs";
import { FAILURES, tellOf } from "../release/failures.mjs";

const page = path.join(root, "docs", "guide", "installing.md");

/** Provokes every failure; returns whether the page tells of them, which it does once it is written. */
async function tellAll(addon, target, write) {
  const work = path.join(root, "target", "failures");
  const sections = [];
  for (const failure of FAILURES) {
    const told = await tellOf(failure, work, addon, target);
    sections.push(`### ${failure.title}\n\n\`\`\`text\n${told}\n\`\`\`\n`);
  }
  await fs.remove(work);
  console.log(`failures: ${FAILURES.length} told`);
  const made = `\n${sections.join("\n")}\n`;
  if (write) {
    await writeSection(page, "failures", made);
    console.log("written: docs/guide/installing.md");
    return true;
  }
  const present = await readSection(page, "failures");
  if (made === present) return true;
  const changed = sections.filter((section) => !present.includes(section));
  console.error(chalk.red("docs/guide/installing.md does not tell what users see now:\n"));
  console.error(changed.join("\n"));
  console.error("to renew it: npm run failures -- --write");
  return false;
}

await runCommand("usage: npm run failures -- [--write]", async () => {
  const { write } = readOptions({ flags: ["write"] });
  const [addon] = await glob("crates/ffi/*.node", { cwd: root, absolute: true });
  const target = targetOfAddon(addon);
  // Elsewhere the system says the same in other words.
  if (target.platform !== "linux-x64-gnu") {
    console.log("The page tells of linux-x64-gnu; here nothing is compared.");
    return true;
  }
  return tellAll(addon, target, write);
});
