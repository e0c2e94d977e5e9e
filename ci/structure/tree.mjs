// Checks the structure of the project's own source.
import { $, chalk, fs, path } from "zx";
import { root } from "../paths.mjs";
import { complaintsOf } from "./check.mjs";

/** @throws when a file breaks a rule, after printing what to do about each */
export async function checkStructure() {
  const git = $({ cwd: root, quiet: true });
  const { stdout } = await git`git ls-files -z --cached --others --exclude-standard`;
  const listed = stdout.split("\0").filter(Boolean);
  const files = listed.filter((file) => fs.existsSync(path.join(root, file)));
  const rules = await fs.readJson(path.join(root, "ci", "structure", "rules.json"));
  const complaints = complaintsOf(root, files, rules);
  for (const complaint of complaints) console.error(chalk.red(complaint));
  if (complaints.length > 0)
    throw new Error(`the structure of the source: ${complaints.length} faults`);
}
