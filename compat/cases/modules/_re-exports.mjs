export * as everything from "runar-ts";
export { Node as Knot, RunarError } from "runar-ts";
