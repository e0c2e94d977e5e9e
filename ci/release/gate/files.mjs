// What is in the tarballs: what may be there, what must be there, and nothing that is a secret.
import { fs, path } from "zx";

/** Always there, and put there by nobody's list. */
const COMMON = ["LICENSE", "README.md", "package.json"];

const ALLOWED = {
  "runar-ts": [
    /^bin\/runar-ts\.js$/,
    /^config\.schema\.json$/,
    /^THIRD-PARTY-LICENSES$/,
    /^dist\/[\w/-]+\.(js|js\.map|d\.ts)$/,
  ],
  "runar-ts-ffi": [
    /^[a-z-]+\.js$/,
    /^(loader|native)\.d\.ts$/,
    /^rust\/Cargo\.(toml|lock)$/,
    /^rust\/\.cargo\/config\.toml$/,
    /^rust\/crates\/[a-z-]+\/(Cargo\.toml|build\.rs)$/,
    /^rust\/crates\/[a-z-]+\/src\/[\w/]+\.rs$/,
  ],
  "create-runar-ts": [
    /^bin\/create-runar-ts\.js$/,
    /^dist\/\w+\.js$/,
    /^template\/(\.dockerignore|Dockerfile|README\.md|_gitignore|package\.json|tsconfig\.json)$/,
    /^template\/src\/[\w.]+\.ts$/,
  ],
};

/** What no manifest leads to, and cannot be done without. */
const NEEDED = {
  "runar-ts": ["THIRD-PARTY-LICENSES"],
  "create-runar-ts": ["template/package.json", "template/_gitignore"],
};

const SECRET_NAMES =
  /(^|\/)(\.env(\..*)?|\.npmrc|\.netrc|id_(rsa|dsa|ecdsa|ed25519)(\..*)?|[^/]*\.(pem|key|p12|pfx|jks|keystore))$/i;
/** Not of code: a module may be about secrets. */
const SECRET_WORDS = /(secret|credential|token)[^/]*(?<!\.(js|ts|map|rs))$/i;
const SECRET_TEXTS = {
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/=]{20}/,
  "a token of npm": /\bnpm_[A-Za-z0-9]{36}\b/,
  "a token of GitHub": /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  "an access key of AWS": /\bAKIA[A-Z0-9]{16}\b/,
};

/** The files that a manifest's entries lead to. */
function entriesOf({ exports = {}, bin = {}, main }) {
  const leaves = (value) =>
    typeof value === "string" ? [value] : Object.values(value).flatMap(leaves);
  return [...leaves(exports), ...Object.values(bin), ...(main ? [main] : [])].map((name) =>
    path.posix.normalize(name),
  );
}

/** The types that other types are made of, and that are not there. */
async function missingTypes(folder, names) {
  const types = names.filter((name) => name.startsWith("dist/") && name.endsWith(".d.ts"));
  const wanted = types.map(async (name) => {
    const text = await fs.readFile(path.join(folder, name), "utf8");
    const imported = text.matchAll(/(?:from |import\()"(?<module>\.[^"]+)\.js"/g);
    return [...imported].map(({ groups: { module } }) =>
      path.posix.join(path.posix.dirname(name), `${module}.d.ts`),
    );
  });
  return (await Promise.all(wanted)).flat().filter((name) => !names.includes(name));
}

async function secretsIn(folder, name) {
  const problems =
    SECRET_NAMES.test(name) || SECRET_WORDS.test(name) ? [`${name} looks like a secret`] : [];
  if (name.endsWith(".node")) return problems;
  const text = await fs.readFile(path.join(folder, name), "utf8");
  for (const [what, pattern] of Object.entries(SECRET_TEXTS)) {
    if (pattern.test(text)) problems.push(`${name} holds ${what}`);
  }
  return problems;
}

export async function fileProblems({ packages, targets }) {
  const problems = [];
  for (const { name, names, folder, manifest } of packages) {
    const target = targets.find(({ packageName }) => packageName === name);
    const allowed = target ? [] : (ALLOWED[name] ?? []);
    const fixed = [...COMMON, ...(target ? [target.file] : (NEEDED[name] ?? []))];
    const tell = (problem) => problems.push(`${name}: ${problem}`);
    for (const one of names) {
      const isAllowed = fixed.includes(one) || allowed.some((pattern) => pattern.test(one));
      if (!isAllowed) tell(`${one} is on no list of what may be published`);
      for (const problem of await secretsIn(folder, one)) tell(problem);
    }
    for (const one of [...fixed, ...entriesOf(manifest)]) {
      if (!names.includes(one)) tell(`${one} is missing`);
    }
    for (const one of await missingTypes(folder, names)) tell(`${one} is missing`);
  }
  return [...new Set(problems)];
}
