// One version for everything: the packages, what they ask of each other, the crates, the addons.
import { fs, path } from "zx";

/** The version that an addon has in itself, which its loader compares. */
export async function versionIn(file) {
  const text = await fs.readFile(file, "latin1");
  return /runar-ts-ffi (\d+\.\d+\.\d+[\w.+-]*) with runar_node /.exec(text)?.[1];
}

export async function versionProblems({ packages, targets }) {
  const version = packages.find(({ name }) => name === "runar-ts")?.manifest.version;
  const problems = [];
  const expect = (what, found) => {
    if (found !== version) problems.push(`${what} is version ${found}, and runar-ts ${version}`);
  };
  for (const { name, folder, manifest } of packages) {
    expect(name, manifest.version);
    const asked = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const [other, range] of Object.entries(asked)) {
      if (other.startsWith("runar-ts")) expect(`${other}, as ${name} asks for it,`, range);
    }
    const target = targets.find(({ packageName }) => packageName === name);
    const addon = target && path.join(folder, target.file);
    if (addon && (await fs.pathExists(addon)))
      expect(`the addon in ${name}`, await versionIn(addon));
    const workspace = path.join(folder, "rust", "Cargo.toml");
    if (await fs.pathExists(workspace)) {
      const text = await fs.readFile(workspace, "utf8");
      expect("the crates", /^\[workspace\.package\]\nversion = "(.+)"$/m.exec(text)?.[1]);
    }
  }
  return problems;
}
