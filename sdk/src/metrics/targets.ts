/** The names under which calls that leave the node are counted: few, however many paths are called. */

import { matchTemplate } from "../paths/templates.js";
import type { TargetKind } from "./metrics.js";

/** The name of the semantic conventions for values without a name of their own. */
export const OTHER = "_OTHER";
/** Distinct names. */
const MAX_NAMES = 1_000;

const REGISTRY = [
  "$registry/services/list",
  "$registry/services/{service_path}",
  "$registry/services/{service_path}/state",
  "$registry/services/{service_path}/pause",
  "$registry/services/{service_path}/resume",
];

/** The target of a call: its name, and where it is. */
export interface Target {
  readonly name: string;
  readonly kind: TargetKind;
}

const UNKNOWN: Target = { name: OTHER, kind: "unknown" };

/** What the node knows of the services that its calls may be meant for. */
export interface KnownServices {
  /** Whether the node hosts a service that is written in Rust, by its path. */
  hostsRustService(path: string): boolean;
  /** The actions that peers offer, in full, by the path of the service. */
  offeredActions(service: string): ReadonlySet<string> | undefined;
}

export class Targets {
  #known: KnownServices;
  #names = new Set<string>();

  constructor(known: KnownServices) {
    this.#known = known;
  }

  /** The target of a path that no action in TypeScript of this node has. */
  of(path: string): Target {
    const end = path.indexOf("/");
    const service = end < 0 ? path : path.slice(0, end);
    if (service === "$registry") return this.#among(REGISTRY, path, "rust");
    // Services in Rust have no template actions.
    if (this.#known.hostsRustService(service)) return this.#named(path, "rust");
    const offered = this.#known.offeredActions(service);
    return offered === undefined ? UNKNOWN : this.#among(offered, path, "peer");
  }

  #among(templates: Iterable<string>, path: string, kind: TargetKind): Target {
    for (const template of templates) {
      if (template === path || (template.includes("{") && matchTemplate(template, path))) {
        return this.#named(template, kind);
      }
    }
    return { name: OTHER, kind };
  }

  #named(name: string, kind: TargetKind): Target {
    if (!this.#names.has(name)) {
      if (this.#names.size >= MAX_NAMES) return { name: OTHER, kind };
      this.#names.add(name);
    }
    return { name, kind };
  }
}
