// What users do who make a project with `npm create runar-ts`, as its README says.
import { $, path } from "zx";

const NAME = "my-app";
const LIMIT = "300s";

/**
 * Makes a project below a folder and tries its tests, with a cache of packages that nobody else fills.
 *
 * @param step does something under a name
 * @returns the folder of the project
 */
export async function makeProject(registry, folder, step) {
  const npmConfig = {
    npm_config_registry: registry,
    npm_config_cache: path.join(folder, "npm-cache"),
  };
  const run = $({ quiet: true, timeout: LIMIT, env: { ...process.env, ...npmConfig } });
  const project = path.join(folder, NAME);
  const [outside, inside] = [run({ cwd: folder }), run({ cwd: project })];
  await step(`npm create runar-ts ${NAME}`, () => outside`npm create --yes runar-ts ${NAME}`);
  await step("npm install", () => inside`npm install --no-audit --no-fund`);
  await step("npm test", async () => {
    const { stdout } = await inside`npm test`;
    if (!/^(# |ℹ )pass 2$/m.test(stdout)) throw new Error(stdout);
  });
  return project;
}
