// What actionlint says of the workflows, and whether each action is pinned by the hash of its commit.
import { $, fs, glob, path } from "zx";
import { root } from "../../paths.mjs";

const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const PINNED = /^[\w./-]+@[0-9a-f]{40}$/;

/** The actions of a workflow that are named by something that can be moved. */
export function unpinnedActions(text) {
  return [...text.matchAll(/^\s*(?:- )?uses: (\S+)/gm)]
    .map(([, action]) => action)
    .filter((action) => !action.startsWith("./") && !PINNED.test(action));
}

export async function workflowProblems() {
  const problems = [];
  for (const file of await glob(".github/workflows/*.yml", { cwd: root })) {
    const text = await fs.readFile(path.join(root, file), "utf8");
    problems.push(...unpinnedActions(text).map((action) => `${file}: ${action} is not pinned`));
    if (!/^permissions:/m.test(text)) problems.push(`${file}: it does not say what it may do`);
  }
  const { exitCode, stdout, stderr } = await $({
    cwd: root,
    quiet: true,
    nothrow: true,
  })`go run ${ACTIONLINT} -no-color`;
  if (exitCode !== 0) problems.push(`actionlint (it needs Go) says:\n${stdout}${stderr}`.trim());
  return problems;
}
