/** The levels of a node's own loggers, and what sets them. */

import { native } from "../native/binding.js";
import { refuse } from "../validation/validator.js";
import { LOG_LEVELS, type LogThreshold, rank } from "./record.js";

const DEFAULT_LEVEL: LogThreshold = "info";
/** The target of all records that JavaScript writes. */
export const TARGET = "runar-ts";

/** @throws InvalidArgumentError that names the known levels. */
export function checkLevel(level: unknown, where: string): asserts level is LogThreshold {
  if (level === "off" || (LOG_LEVELS as readonly unknown[]).includes(level)) return;
  refuse(where, `expected ${LOG_LEVELS.join(", ")} or off, got ${JSON.stringify(level)}`);
}

/** What `RUNAR_LOG` says. */
interface Directives {
  default: LogThreshold | null;
  named: Record<string, LogThreshold>;
  /** Why it is ignored. */
  problem: string | null;
}

let read: Directives | undefined;

/** What the environment says about levels; Rust has read it, once for the process. */
export function directives(): Directives {
  read ??= JSON.parse(native.logDirectives()) as Directives;
  return read;
}

/** What a program says about levels when it makes a node. */
export interface LevelOptions {
  logLevel?: LogThreshold | undefined;
  default_level?: LogThreshold | null | undefined;
  component_levels?: Record<string, LogThreshold> | undefined;
}

/** The threshold of those loggers that share a component and a service. */
export interface Gate {
  threshold: number;
}

export class Levels {
  #default: LogThreshold;
  #named: Map<string, LogThreshold>;
  readonly #gates = new Map<string, Gate & { names: readonly string[] }>();

  constructor({ logLevel, default_level, component_levels = {} }: LevelOptions) {
    const outside = directives();
    this.#default = outside.default ?? logLevel ?? default_level ?? DEFAULT_LEVEL;
    const inside = logLevel === undefined ? component_levels : {};
    this.#named = new Map(Object.entries({ ...inside, ...outside.named }));
  }

  /** The gate of a logger; the first of its names that has a level decides. */
  gate(...names: string[]): Gate {
    const key = names.join();
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      gate = { names: [...names, TARGET], threshold: 0 };
      gate.threshold = this.#thresholdOf(gate.names);
      this.#gates.set(key, gate);
    }
    return gate;
  }

  /** Sets the level of one component or, without one, of everything. */
  set(level: LogThreshold, component: string | undefined): void {
    if (component === undefined) {
      this.#default = level;
      this.#named.clear();
    } else {
      this.#named.set(component, level);
    }
    for (const gate of this.#gates.values()) gate.threshold = this.#thresholdOf(gate.names);
  }

  #thresholdOf(names: readonly string[]): number {
    const named = names.find((name) => this.#named.has(name));
    return rank(named === undefined ? this.#default : (this.#named.get(named) as LogThreshold));
  }
}
