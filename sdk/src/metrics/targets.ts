/** Under which names calls to others are counted: few, however many paths are called. */

import { matchTemplate } from "../paths/templates.js";
import type { Host } from "../runtime/host.js";
import type { TargetKind } from "./metrics.js";

/** What the semantic conventions call what has no name of its own. */
export const OTHER = "_OTHER";
/** How many names there can be. */
const MAX_NAMES = 1_000;

const REGISTRY = [
  "$registry/services/list",
  "$registry/services/{service_path}",
  "$registry/services/{service_path}/state",
  "$registry/services/{service_path}/pause",
  "$registry/services/{service_path}/resume",
];

/** Whom a call is meant for. */
export interface Target {
  readonly name: string;
  readonly kind: TargetKind;
}

const UNKNOWN: Target = { name: OTHER, kind: "unknown" };

export class Targets {
  #host: Pick<Host, "services" | "peers">;
  #names = new Set<string>();

  constructor(host: Pick<Host, "services" | "peers">) {
    this.#host = host;
  }

  /** Whom a call of this path is meant for, which no action in TypeScript of this node answers. */
  of(path: string): Target {
    const end = path.indexOf("/");
    const service = end < 0 ? path : path.slice(0, end);
    if (service === "$registry") return this.#among(REGISTRY, path, "rust");
    // Those in Rust have no actions here; they have no variable ones either.
    if (this.#host.services.get(service)?.actions.length === 0) return this.#named(path, "rust");
    const offered = this.#host.peers.offered.get(service);
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
