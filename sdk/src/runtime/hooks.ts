/** The hooks of services while they run, and the code that runs on their behalf. */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Hook } from "../api/definition-checks.js";
import { createError, type RunarError } from "../errors/errors.js";
import type { Service } from "./service.js";

/** A hook that runs. */
export interface RunningHook {
  /** The node that runs it. */
  readonly host: object;
  readonly service: Service;
  readonly name: Hook;
}

interface Scope extends RunningHook {
  hasEnded: boolean;
  /** A hook of another node, which waits for this one. */
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();
let running = 0;

/** Runs a hook, so that `runningHook` finds it from any function that it calls or awaits. */
export async function runHookScope(
  hook: RunningHook,
  body: () => Promise<unknown>,
): Promise<unknown> {
  const scope: Scope = { ...hook, hasEnded: false, outer: scopes.getStore() };
  running++;
  try {
    return await scopes.run(scope, body);
  } finally {
    scope.hasEnded = true;
    running--;
    // While it is in use, Node before 24 follows each promise of the program.
    if (running === 0 && process.versions.bun === undefined) scopes.disable();
  }
}

/** Runs what no hook waits for. */
export function outsideHooks<T>(body: () => T): T {
  return running === 0 ? body() : scopes.run(undefined, body);
}

/** The hook of a node on whose behalf the code runs. */
export function runningHook(host: object): RunningHook | undefined {
  if (running === 0) return undefined;
  let scope = scopes.getStore();
  while (scope !== undefined && (scope.hasEnded || scope.host !== host)) scope = scope.outer;
  return scope;
}

/** The error of a hook that would wait for itself. */
export function waitsForItself({ service, name }: RunningHook, what: string): RunarError {
  return createError(
    "ERR_RUNAR_SERVICE_NOT_RUNNING",
    `${what}: the ${name} hook of ${service.path} cannot wait for it, because it waits for the hook`,
    { details: { service: service.path, hook: name } },
  );
}
