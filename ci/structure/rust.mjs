// The imports of Rust files: `use`, re-exports and the paths that code names, those within macros
// included, for which a parser of the language has no more than tokens.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|b?"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\.[^']*|[^'\\])'|[A-Za-z_]\w*|::|\S/g;
const NAME = /^[A-Za-z_]/;

function tokensOf(text) {
  const tokens = [];
  let line = 1;
  let at = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    for (; at < index; at++) if (text[at] === "\n") line++;
    if (!/^\/[/*]/.test(token)) tokens.push({ token, line });
  }
  return tokens;
}

/** The paths of a `use` from its first token on; `next` is the token behind them. */
function useTree(tokens, start, prefix = []) {
  const paths = [];
  let at = start;
  let segments = prefix;
  for (; at < tokens.length; at++) {
    const { token, line } = tokens[at];
    if (token === "{") {
      do {
        const inner = useTree(tokens, at + 1, segments);
        paths.push(...inner.paths);
        at = inner.next;
      } while (tokens[at]?.token === ",");
      return { paths, next: at + 1 };
    }
    if ([",", "}", ";"].includes(token)) break;
    if (token === "as") at++;
    else if (NAME.test(token)) {
      // `{self}` is the module before the brace.
      const own = token === "self" && segments.length > 0;
      if (!own) segments = [...segments, token];
      if (tokens[at + 1]?.token !== "::") paths.push({ segments, line });
    } else if (token === "*") paths.push({ segments, line });
  }
  return { paths, next: at };
}

/** The path of names that begins at a token. */
function pathAt(tokens, start) {
  const segments = [tokens[start].token];
  let at = start + 1;
  while (tokens[at]?.token === "::" && NAME.test(tokens[at + 1]?.token ?? "")) {
    segments.push(tokens[at + 1].token);
    at += 2;
  }
  return { segments, next: at };
}

/** `#[path = "…"]` among the attributes before an item. */
function pathAttribute(tokens, item) {
  for (let at = item - 1; at > 0 && !["{", "}", ";"].includes(tokens[at].token); at--) {
    const [name, , value] = tokens.slice(at, at + 3).map(({ token }) => token);
    if (name === "path" && tokens[at - 1].token === "[") return value.slice(1, -1);
  }
  return undefined;
}

/** What a file declares and names: `declared` modules, and `paths`, each within its inline module. */
function read(text) {
  const tokens = tokensOf(text);
  const declared = [];
  const paths = [];
  const scopes = [];
  const inline = () => scopes.filter((name) => name !== undefined);
  for (let at = 0; at < tokens.length; at++) {
    const { token, line } = tokens[at];
    const [before, after] = [tokens[at - 1]?.token, tokens[at + 1]?.token];
    if (token === "mod" && NAME.test(after ?? "")) {
      const ends = tokens[at + 2]?.token;
      const given = pathAttribute(tokens, at);
      if (ends === ";") declared.push({ within: inline(), name: after, given });
      if (ends === "{") scopes.push(after);
      at += 2;
    } else if (token === "use" && before !== "::") {
      const tree = useTree(tokens, at + 1);
      for (const one of tree.paths) paths.push({ ...one, within: inline() });
      at = tree.next;
    } else if (token === "{") scopes.push(undefined);
    else if (token === "}") scopes.pop();
    else if (NAME.test(token) && after === "::" && before !== "::") {
      const { segments, next } = pathAt(tokens, at);
      const isVisibility = before === "in" && tokens[at - 2]?.token === "(";
      if (!isVisibility) paths.push({ segments, line, within: inline() });
      at = next - 1;
    }
  }
  return { declared, paths };
}

/** The modules of a crate: `key` is its path of names, and `files` are more where features choose. */
function modulesOf(root, crateRoot) {
  const modules = new Map();
  const add = (names, file) => {
    const key = names.join("::");
    modules.set(key, [...(modules.get(key) ?? []), file]);
  };
  const units = [];
  const visit = (file, names, folder) => {
    const unit = { file, names, ...read(readFileSync(path.join(root, file), "utf8")) };
    units.push(unit);
    add(names, file);
    for (const { within } of [...unit.declared, ...unit.paths]) {
      within.forEach((_, depth) => {
        const key = [...names, ...within.slice(0, depth + 1)];
        if (!modules.has(key.join("::"))) add(key, file);
      });
    }
    for (const { within, name, given } of unit.declared) {
      const base = path.posix.join(folder, ...within);
      const beside = within.length > 0 ? base : path.posix.dirname(file);
      const candidates =
        given === undefined
          ? [path.posix.join(base, `${name}.rs`), path.posix.join(base, name, "mod.rs")]
          : [path.posix.join(beside, given)];
      const found = candidates.find((candidate) => existsSync(path.join(root, candidate)));
      if (found === undefined) throw new Error(`${file}: there is no file of the module ${name}`);
      const isMod = path.posix.basename(found) === "mod.rs" || given !== undefined;
      const inner = isMod ? path.posix.dirname(found) : found.replace(/\.rs$/, "");
      visit(found, [...names, ...within, name], inner);
    }
  };
  visit(crateRoot, [], path.posix.dirname(crateRoot));
  return { modules, units };
}

/** The files of the deepest module that a path leads to. */
function resolve(modules, segments, here) {
  const rest = [...segments];
  let base = here;
  if (rest[0] === "crate") {
    base = [];
    rest.shift();
  } else if (rest[0] === "self" || rest[0] === "super") {
    for (; rest[0] === "self" || rest[0] === "super"; rest.shift()) {
      if (rest[0] === "super") base = base.slice(0, -1);
    }
  } else if (!modules.has([...here, rest[0]].join("::"))) return [];
  while (rest.length > 0 && modules.has([...base, rest[0]].join("::"))) {
    base = [...base, rest.shift()];
  }
  return modules.get(base.join("::")) ?? [];
}

const isRoot = (file) =>
  /(^|\/)(src\/(lib|main|bin\/[^/]+)|(tests|fuzz_targets)\/([^/]+|[^/]+\/main))\.rs$/.test(file);

/**
 * @param files paths below the root
 * @returns the imports of each file of each crate, `{ to, line }`
 */
export function rustImports(root, files) {
  const graph = new Map();
  for (const crateRoot of files.filter(isRoot)) {
    const { modules, units } = modulesOf(root, crateRoot);
    for (const { file, names, paths } of units) {
      const imports = graph.get(file) ?? [];
      graph.set(file, imports);
      for (const { segments, line, within } of paths) {
        for (const to of resolve(modules, segments, [...names, ...within])) {
          if (to !== file) imports.push({ to, line });
        }
      }
    }
  }
  return graph;
}
