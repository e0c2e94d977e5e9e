// Provokes every way in which the addon can fail to load or to be built, and compares what a user sees
// with docs/guide/installing.md; with --write that is written there.
import { chalk, fs, glob, minimist, path } from "zx";
import { targetOfAddon } from "../packages.mjs";
import { root } from "../paths.mjs";
import { FAILURES, tellOf } from "../release/failures.mjs";

const page = path.join(root, "docs", "guide", "installing.md");
const MARKS = ["<!-- failures -->\n", "<!-- /failures -->"];

const { write } = minimist(process.argv.slice(3), { boolean: ["write"] });
const [addon] = await glob("crates/ffi/*.node", { cwd: root, absolute: true });
const target = targetOfAddon(addon);
// Elsewhere the system says the same in other words.
if (target.platform !== "linux-x64-gnu") {
  console.log("The page tells of linux-x64-gnu; here nothing is compared.");
} else {
  const work = path.join(root, "target", "failures");
  const sections = [];
  for (const failure of FAILURES) {
    const told = await tellOf(failure, work, addon, target);
    sections.push(`### ${failure.title}\n\n\`\`\`text\n${told}\n\`\`\`\n`);
  }
  await fs.remove(work);
  const text = await fs.readFile(page, "utf8");
  const [before, rest] = text.split(MARKS[0]);
  const [present, after] = rest.split(MARKS[1]);
  const made = `\n${sections.join("\n")}\n`;
  if (write) {
    await fs.writeFile(page, `${before}${MARKS[0]}${made}${MARKS[1]}${after}`);
    console.log("written: docs/guide/installing.md");
  } else if (made !== present) {
    const changed = sections.filter((section) => !present.includes(section));
    console.error(chalk.red("docs/guide/installing.md does not tell what users see now:\n"));
    console.error(changed.join("\n"));
    console.error("to renew it: npm run failures -- --write");
    process.exitCode = 1;
  }
  console.log(`failures: ${FAILURES.length} told`);
}
