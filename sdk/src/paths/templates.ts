/** The grammar of paths, and of templates with variable parts such as `items/{id}`. */

import { createError } from "../errors/errors.js";
import { kindOf } from "../validation/validator.js";

/** A path that was asked for, and what its variable parts are. */
export interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

const VARIABLE = /^\{([\p{L}_][\p{L}\p{N}_]*)\}$/u;

/** The name of a variable part; `undefined` for one that stands for itself. */
export function variableName(segment: string): string | undefined {
  return VARIABLE.exec(segment)?.[1];
}

const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

/** Whether a part of a path of a service or an action may be so, and stands for itself. */
export function isSegment(text: string): boolean {
  return SEGMENT.test(text);
}

/** Whether an action without variable parts may have a name. */
export function isActionName(name: string): boolean {
  return name.split("/").every(isSegment);
}

/**
 * Why no call can go to a path; `undefined` when one can. The core would run any action that fits a
 * pattern, and leave out empty parts.
 */
function pathProblem(path: string): string | undefined {
  if (/[*>]/.test(path)) return "a pattern cannot be called";
  return path.split("/").includes("") ? "has an empty part" : undefined;
}

/** Takes a path apart by a template; `undefined` when it does not fit. */
export function matchTemplate(template: string, path: string): Match | undefined {
  const expected = template.split("/");
  const given = path.split("/");
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] as string;
    const name = variableName(segment);
    if (name !== undefined && value !== "") params[name] = value;
    else if (segment !== value) return undefined;
  }
  return { path, params };
}

/** @throws InvalidArgumentError for a path that is no string. */
export function checkPath(path: unknown): asserts path is string {
  if (typeof path === "string") return;
  const message = `path: expected a string, got ${kindOf(path)}`;
  throw createError("ERR_RUNAR_INVALID_ARGUMENT", message);
}

/** @throws InvalidArgumentError for a path that no call can go to. */
export function checkCallable(path: string): void {
  const problem = pathProblem(path);
  if (problem !== undefined) {
    throw createError(
      "ERR_RUNAR_INVALID_ARGUMENT",
      `path ${JSON.stringify(path.slice(0, 80))}: ${problem}`,
      { details: { path } },
    );
  }
}
