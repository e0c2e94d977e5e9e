// The steps of a Dockerfile, done in folders: which files each stage has, and what its commands find.
// For a machine without Docker, and for packages that no image can get yet.
import { $, fs, glob, path } from "zx";

const INSTRUCTION = /^(?<name>[A-Z]+) +(?<rest>.*)$/;
/** They say what only a container has. */
const OF_THE_CONTAINER = ["USER", "EXPOSE"];

/** Where a path of a stage is: its root is a folder. */
const inside = (stage, at) => path.join(stage.root, path.resolve(stage.workdir, at));

async function copy(stage, from, args) {
  const target = args.at(-1);
  for (const pattern of args.slice(0, -1)) {
    const sources = await glob(pattern, { cwd: from, onlyFiles: false, expandDirectories: false });
    if (sources.length === 0) throw new Error(`COPY ${pattern}: there is no such file`);
    for (const source of sources) {
      const into = target.endsWith("/") ? path.join(target, path.basename(source)) : target;
      await fs.copy(path.join(from, source), inside(stage, into));
    }
  }
}

/**
 * Does the steps of the `Dockerfile` of a folder.
 *
 * @param instead commands to run instead of those that the file names
 * @returns the last stage: `{ folder, env, command }`
 */
export async function containerOf(context, images, instead = {}) {
  await fs.emptyDir(images);
  const stages = [];
  let stage;
  const steps = {
    FROM: async (rest) => {
      const [, name = `stage-${stages.length}`] = rest.split(" AS ");
      stage = { name, root: path.join(images, name), workdir: "/", env: {}, command: [] };
      await fs.ensureDir(stage.root);
      stages.push(stage);
    },
    WORKDIR: async (rest) => {
      stage.workdir = rest;
      await fs.ensureDir(inside(stage, "."));
    },
    ENV: async (rest) => {
      const [key, value] = rest.split("=");
      stage.env[key] = value;
    },
    COPY: async (rest) => {
      const [, from, args = rest] = /^--from=(\S+) (.*)$/.exec(rest) ?? [];
      if (from === undefined) return copy(stage, context, args.split(" "));
      const other = stages.find(({ name }) => name === from);
      const absolute = args.split(" ").map((arg) => arg.replace(/^\//, `${other.root}/`));
      return copy(stage, "/", absolute);
    },
    RUN: async (rest) => {
      const env = { ...process.env, ...stage.env };
      await $({ cwd: inside(stage, "."), env, quiet: true })`sh -c ${instead[rest] ?? rest}`;
    },
    CMD: async (rest) => {
      stage.command = JSON.parse(rest);
    },
  };
  const text = await fs.readFile(path.join(context, "Dockerfile"), "utf8");
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const { name, rest } = INSTRUCTION.exec(line)?.groups ?? {};
    if (OF_THE_CONTAINER.includes(name)) continue;
    if (steps[name] === undefined) throw new Error(`Dockerfile: ${line}: not known here`);
    await steps[name](rest);
  }
  return { folder: inside(stage, "."), env: stage.env, command: stage.command };
}
