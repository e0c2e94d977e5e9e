/** The checks of service definitions. */

import { isSegment, variableName } from "../paths/templates.js";
import { topicProblem } from "../paths/topics.js";
import { type Handler, type Parameters, readParameters } from "../validation/parameters.js";
import {
  checkCount,
  checkFunction,
  checkKeys,
  checkMilliseconds,
  checkObject,
  checkOptions,
  kindOf,
  refuse,
} from "../validation/validator.js";
import type { EventDefinition, ServiceDefinition } from "./definition.js";

/** The keys of a service. */
export const SERVICE_KEYS = [
  "name",
  "path",
  "version",
  "description",
  "actions",
  "events",
  "timeoutMs",
  "authorize",
  "init",
  "start",
  "stop",
];
/** The keys of an action. */
export const ACTION_KEYS = [
  "params",
  "input",
  "output",
  "timeoutMs",
  "concurrency",
  "queue",
  "handler",
];
/** The keys of an event of a service. */
const EVENT_KEYS = ["input", "handler"];
const HOOKS = ["init", "start", "stop"] as const;
/** The name of a hook of a service. */
export type Hook = (typeof HOOKS)[number];

const MAX_NAME_LENGTH = 128;

const CODE = "ERR_RUNAR_SERVICE_DEFINITION";

function refuseDefinition(where: string, what: string): never {
  refuse(where, what, CODE);
}

function checkText(value: unknown, where: string): void {
  if (typeof value !== "string") refuseDefinition(where, `expected a string, got ${kindOf(value)}`);
  if (value.length > MAX_NAME_LENGTH)
    refuseDefinition(where, `${value.length} characters; ${MAX_NAME_LENGTH} at the most`);
}

/** The core accepts paths that no call reaches, and wildcards that catch the calls of other actions. */
function checkPath(value: unknown, where: string, parts: "one part" | "parts"): void {
  checkText(value, where);
  const text = value as string;
  if (text === "") refuseDefinition(where, "may not be empty");
  const segments = parts === "one part" ? [text] : text.split("/");
  for (const segment of segments) {
    if (isSegment(segment)) continue;
    if (parts === "parts" && variableName(segment) !== undefined) continue;
    refuseDefinition(
      where,
      `${JSON.stringify(text)} is no ${parts === "one part" ? "path of a service" : "name of an action"}: it needs letters, digits, _, - and . and may not begin with - or .`,
    );
  }
}

function checkSchema(value: unknown, where: string): void {
  if (value === undefined) return;
  const standard = (value as { "~standard"?: { validate?: unknown } } | null)?.["~standard"];
  if (typeof standard?.validate !== "function") {
    refuseDefinition(
      where,
      `expected a Standard Schema (zod, valibot, arktype, …), got ${kindOf(value)}`,
    );
  }
}

function checkAction(value: unknown, where: string): void {
  if (typeof value === "function") {
    checkHandler(value as Handler, where);
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuseDefinition(
      where,
      `expected a function, or an object with a handler, got ${kindOf(value)}`,
    );
  }
  checkKeys(value, ACTION_KEYS, where, CODE);
  const { params, input, output, timeoutMs, concurrency, queue, handler } = value as Record<
    string,
    unknown
  >;
  if (typeof handler !== "function") {
    refuseDefinition(`${where}.handler`, `expected a function, got ${kindOf(handler)}`);
  }
  if (params !== undefined) checkParams(params, handler as Handler, where);
  else if (input !== undefined) checkSingle(handler as Handler, where);
  else checkHandler(handler as Handler, where);
  checkSchema(input, `${where}.input`);
  checkSchema(output, `${where}.output`);
  checkMilliseconds(timeoutMs, `${where}.timeoutMs`, CODE);
  checkCount(concurrency, 1, `${where}.concurrency`, CODE);
  checkCount(queue, 0, `${where}.queue`, CODE);
}

function checkEvents(events: unknown): void {
  if (events === undefined) return;
  checkObject(events, "service.events", CODE);
  for (const [topic, handler] of Object.entries(events)) {
    const where = `service.events[${JSON.stringify(topic)}]`;
    const problem = topicProblem(topic);
    if (problem !== undefined) refuseDefinition(where, problem);
    if (typeof handler === "function") continue;
    if (typeof handler !== "object" || handler === null) {
      refuseDefinition(where, `expected a function, got ${kindOf(handler)}`);
    }
    checkKeys(handler, EVENT_KEYS, where, CODE);
    const given: Partial<EventDefinition> = handler;
    if (typeof given.handler !== "function") {
      refuseDefinition(`${where}.handler`, `expected a function, got ${kindOf(given.handler)}`);
    }
    checkSchema(given.input, `${where}.input`);
  }
}

/** A handler without `params` and `input`: its source must tell where the context belongs. */
export function checkHandler(handler: Handler, where: string): Parameters {
  const declared = readParameters(handler);
  if ("problem" in declared) {
    refuseDefinition(where, declared.problem);
  }
  if (declared.hasDefaults || declared.hasRest) {
    refuseDefinition(
      where,
      "has default or rest parameters, so its arguments need names: declare params",
    );
  }
  return declared;
}

/** Behind a schema there is one argument: what the schema returns. */
function checkSingle(handler: Handler, where: string): void {
  const declared = readParameters(handler);
  if ("problem" in declared) return;
  const { count, hasContext } = declared;
  if (count > 1) {
    refuseDefinition(
      where,
      `with input its handler takes what the schema returns and the context, not ${count} arguments`,
    );
  }
  if (count === 0 && hasContext) {
    refuseDefinition(
      where,
      "with input its handler takes what the schema returns before the context",
    );
  }
}

function checkParams(params: unknown, handler: Handler, where: string): void {
  if (!Array.isArray(params) || params.some((name) => typeof name !== "string" || name === "")) {
    refuseDefinition(`${where}.params`, `expected an array of names, got ${kindOf(params)}`);
  }
  const twice = params.find((name, index) => params.indexOf(name) !== index);
  if (twice !== undefined) refuseDefinition(`${where}.params`, `names ${twice} twice`);
  const declared = readParameters(handler);
  const isKnown = !("problem" in declared);
  if (isKnown && declared.hasContext && params.length > declared.count) {
    refuseDefinition(`${where}.params`, "names the context, which no caller gives: leave it out");
  }
  if (handler.length > params.length + 1) {
    refuseDefinition(
      `${where}.params`,
      `has ${params.length} names; the handler takes ${handler.length - 1} and a context`,
    );
  }
}

/** @throws ServiceDefinitionError that names the first wrong value by its path. */
export function checkDefinition(given: unknown): asserts given is ServiceDefinition {
  checkOptions(given, SERVICE_KEYS, "service", CODE);
  const definition = given as Partial<Record<string, unknown>>;
  checkText(definition.name, "service.name");
  if (definition.name === "") refuseDefinition("service.name", "may not be empty");
  checkPath(definition.path, "service.path", "one part");
  if (definition.version !== undefined) checkText(definition.version, "service.version");
  if (definition.description !== undefined && typeof definition.description !== "string") {
    refuseDefinition(
      "service.description",
      `expected a string, got ${kindOf(definition.description)}`,
    );
  }
  checkObject(definition.actions, "service.actions", CODE);
  for (const [name, handler] of Object.entries(definition.actions)) {
    checkPath(name, `service.actions[${JSON.stringify(name)}]`, "parts");
    checkAction(handler, `service.actions.${name}`);
  }
  checkEvents(definition.events);
  checkMilliseconds(definition.timeoutMs, "service.timeoutMs", CODE);
  for (const name of [...HOOKS, "authorize"]) {
    checkFunction(definition[name], `service.${name}`, CODE);
  }
}
