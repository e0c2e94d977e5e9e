/** The names that are no methods of a client. */

/**
 * What the language, printers, test frameworks and containers for dependency injection ask any object
 * for. A client answers to none of these, so that it can be awaited, printed, compared and injected; an
 * action with such a name is called by its path.
 */
export const RESERVED_NAMES = [
  // The language.
  "then",
  "catch",
  "finally",
  "toJSON",
  "toString",
  "toLocaleString",
  "valueOf",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "__proto__",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
  "__esModule",
  // Printers and test frameworks.
  "inspect",
  "asymmetricMatch",
  "hasAttribute",
  "nodeType",
  "nodeName",
  "tagName",
  "_isMockFunction",
  "getMockName",
  // NestJS and Angular.
  "onModuleInit",
  "onApplicationBootstrap",
  "onModuleDestroy",
  "beforeApplicationShutdown",
  "onApplicationShutdown",
  "ngOnDestroy",
] as const;

/** A name that is no method of a client, as others than its users ask any object for it. */
export type ReservedName = (typeof RESERVED_NAMES)[number];
