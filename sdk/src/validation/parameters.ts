/** The parameters that a handler declares, and which of them is the context. */

/**
 * Any function: what its parameters are is known to the types of its callers. Written as a method, whose
 * parameters may be of any type; a parameter without a type is `unknown`.
 */
export type Handler = {
  /** Answers a call. */
  handle(...args: unknown[]): unknown;
}["handle"];

/** What a handler's source says of its parameters. */
export interface Parameters {
  /** How many parameters are arguments of the call. */
  readonly count: number;
  /** Whether the parameter behind them is the context. */
  readonly hasContext: boolean;
  /** Whether one has a default. */
  readonly hasDefaults: boolean;
  /** Whether the last one takes all that is left. */
  readonly hasRest: boolean;
}

/** Why the position of the context is unknown, and what to do. */
export interface UnknownParameters {
  readonly problem: string;
}

/** A parameter named so is the context: `ctx`, `_context`, `requestCtx`. */
const CONTEXT_NAME = /^_*(?:ctx|context|\p{ID_Start}[\p{ID_Continue}$]*(?:Ctx|Context))$/u;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u;
/** Members that hardly anything but a context has, as values and as methods. */
const CONTEXT_VALUES = ["logger", "requestId", "traceparent", "peer"];
const CONTEXT_METHODS = ["request", "publish", "client", "topics"];
const OTHER_MEMBERS = ["node", "path", "params", "signal", "deadline"];
/** The names that minifiers give are not longer. */
const MAX_MINIFIED_NAME = 2;

/** Functions that stand in for others, and have their parameters. */
const standIns = new WeakMap<Handler, Handler | undefined>();

/** Makes a function count as one with the parameters of another, or with none. */
export function standInFor(standIn: Handler, real: Handler | undefined): void {
  standIns.set(standIn, real);
}

/**
 * Reads what a function declares from its source, once, when its service is added. The place of the
 * context comes of this alone, never of what a caller sends.
 */
export function readParameters(handler: Handler): Parameters | UnknownParameters {
  if (standIns.has(handler)) {
    const real = standIns.get(handler);
    return real === undefined ? NO_PARAMETERS : readParameters(real);
  }
  const source = Function.prototype.toString.call(handler);
  const head = splitHead(source);
  if (head === undefined) {
    if (handler.length === 0) return NO_PARAMETERS;
    return {
      problem: `its parameters cannot be read from its source (it is bound, native or a class): ${DECLARE}`,
    };
  }
  const { parameters, body } = head;
  const hasRest = parameters.some((text) => text.startsWith("..."));
  const hasDefaults = parameters.some((text) => hasDefault(text));
  const last = parameters.at(-1);
  const isContext = last !== undefined && !hasRest && contextIn(last, body, head.isMinified);
  if (typeof isContext === "string") return { problem: isContext };
  const count = isContext ? parameters.length - 1 : parameters.length;
  return { count, hasContext: isContext, hasDefaults, hasRest };
}

/** What to do where the source does not tell. */
const DECLARE = "declare params, and the context comes after these";
const NAME_OR_DECLARE = "name it ctx if it is the context, or declare params";

const NO_PARAMETERS: Parameters = {
  count: 0,
  hasContext: false,
  hasDefaults: false,
  hasRest: false,
};

/** Whether the last parameter is the context, or why that is unknown. */
function contextIn(last: string, body: string, isMinified: boolean): boolean | string {
  if (last.startsWith("{")) return contextInPattern(last);
  const [name] = IDENTIFIER.exec(last) ?? [];
  if (name === undefined) return false;
  if (CONTEXT_NAME.test(name)) return true;
  const isUsed = (pattern: string) =>
    new RegExp(`(?<![\\p{ID_Continue}$.])${name.replaceAll("$", "\\$")}${pattern}`, "u").test(body);
  const isUsedAsContext =
    isUsed(`\\s*\\??\\.\\s*(?:${CONTEXT_VALUES.join("|")})(?![\\p{ID_Continue}$])`) ||
    isUsed(`\\s*\\??\\.\\s*(?:${CONTEXT_METHODS.join("|")})\\s*\\(`);
  if (isMinified && name.length <= MAX_MINIFIED_NAME) {
    if (isUsedAsContext) return true;
    const mayBe =
      isUsed(`\\??\\.(?:${OTHER_MEMBERS.join("|")})(?![\\p{ID_Continue}$])`) ||
      isPassedOn(name, body);
    if (mayBe) return `a minifier has renamed its parameters: ${DECLARE}`;
    return false;
  }
  if (isUsedAsContext)
    return `it uses its last parameter ${name} like a Context: ${NAME_OR_DECLARE}`;
  if (/\.apply\(this,\s*arguments\)/.test(body))
    return `it passes all of its arguments on: ${DECLARE}`;
  return false;
}

/** Whether minified code hands a variable on, to where it may be used as anything. */
function isPassedOn(name: string, body: string): boolean {
  const variable = name.replaceAll("$", "\\$");
  const before = "(?:[(,[:?{]|\\.\\.\\.|[^=!<>]=|\\breturn |\\bawait )";
  return new RegExp(`${before}${variable}(?:[),\\]};:]|$)`, "u").test(body);
}

/** `{ logger, peer }` takes a context apart; `{ isbn }` an argument. */
function contextInPattern(pattern: string): boolean | string {
  const inner = splitList(pattern, 0)?.parts ?? [];
  const keys = inner.map((part) => IDENTIFIER.exec(part)?.[0]);
  const isMember = (key: string | undefined) =>
    key !== undefined && [...CONTEXT_VALUES, ...CONTEXT_METHODS, ...OTHER_MEMBERS].includes(key);
  if (keys.length === 0 || !keys.every(isMember)) return false;
  if (keys.some((key) => !OTHER_MEMBERS.includes(key as string))) return true;
  return `its last parameter ${pattern} may be an argument or the context: ${NAME_OR_DECLARE}`;
}

interface Head {
  /** The source of each parameter, without comments around it. */
  readonly parameters: string[];
  readonly body: string;
  /** Written without the spaces that people and formatters write. */
  readonly isMinified: boolean;
}

/** Splits a function's source; `undefined` when it has none, or is no function's. */
function splitHead(source: string): Head | undefined {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source) || /^class\b/.test(source)) return undefined;
  const bare = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source);
  if (bare !== null) {
    const [all, name = ""] = bare;
    const body = source.slice(all.length);
    return { parameters: [name], body, isMinified: !/\s/.test(all.slice(-3) + body.slice(0, 1)) };
  }
  const open = openOf(source);
  if (open === undefined) return undefined;
  const list = splitList(source, open);
  if (list === undefined) return undefined;
  const body = source.slice(list.end + 1);
  const isMinified = !/\s/.test(source.slice(open, list.end)) && /^(?:=>\S|\{)/.test(body);
  return { parameters: list.parts, body, isMinified };
}

/** Where the parameters begin: behind the name, which may be quoted or computed. */
function openOf(source: string): number | undefined {
  for (let at = 0; at < source.length; at++) {
    const character = source[at] as string;
    if (character === "(") return at;
    const past = skip(source, at);
    if (past === undefined) return undefined;
    if (past > at) at = past - 1;
    else if (character === "[") {
      const list = splitList(source, at);
      if (list === undefined) return undefined;
      at = list.end;
    }
  }
  return undefined;
}

/** Splits what stands between a bracket and its twin at the commas; comments are left out. */
function splitList(source: string, open: number): { parts: string[]; end: number } | undefined {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    const character = source[at] as string;
    const past = skip(source, at);
    if (past === undefined) return undefined;
    if (past > at) {
      part += character === "/" ? " " : source.slice(at, past);
      at = past - 1;
      continue;
    }
    if ("([{".includes(character) && depth++ === 0) continue;
    if (")]}".includes(character) && --depth === 0) {
      // A comma may come behind the last part.
      if (part.trim() !== "") parts.push(part.trim());
      return { parts, end: at };
    }
    if (character === "," && depth === 1) {
      parts.push(part.trim());
      part = "";
    } else part += character;
  }
  return undefined;
}

/** Past a comment, a string or a template that begins here; `at` itself where none does. */
function skip(source: string, at: number): number | undefined {
  const past = (end: number, length: number) => (end === -1 ? undefined : end + length);
  if (source.startsWith("/*", at)) return past(source.indexOf("*/", at + 2), 2);
  if (source.startsWith("//", at)) return past(source.indexOf("\n", at), 1);
  const quote = source[at] as string;
  if (!"\"'`".includes(quote)) return at;
  for (let inner = at + 1; inner < source.length; inner++) {
    if (source[inner] === "\\") inner++;
    else if (source[inner] === quote) return inner + 1;
    else if (quote === "`" && source.startsWith("${", inner)) {
      const list = splitList(source, inner + 1);
      if (list === undefined) return undefined;
      inner = list.end;
    }
  }
  return undefined;
}

/** Whether a parameter has a default: a `=` beside its name or pattern. */
function hasDefault(parameter: string): boolean {
  let depth = 0;
  for (let at = 0; at < parameter.length; at++) {
    const character = parameter[at] as string;
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "=" && depth === 0) return true;
  }
  return false;
}
