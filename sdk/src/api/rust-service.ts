/** The base class of services written in Rust that a node hosts beside those in TypeScript. */

import type { Context, LifecycleContext } from "./context.js";

/** Where a lifecycle finds what it needs to host the service. */
export const HOSTING = Symbol("runar-ts.hosting");

/** How a service written in Rust is hosted. */
export interface Hosting {
  /** What the Rust side makes the service from, as JSON. */
  readonly config: object;
  /** Whether a node stays, and keeps the process alive, while the service runs. */
  readonly holdsOpen?: boolean;
  /** Called with what Rust reports of the running service. */
  started?(details: unknown, context: LifecycleContext): void;
  /** Whether a gateway may answer a request. */
  readonly authenticate?: ((request: unknown) => Promise<boolean>) | undefined;
  stopped?(): void;
}

/** The options that all services of `runar-ts/services` share. */
export interface RustServiceOptions {
  /** The first part of the path of every action, as for a service in TypeScript. */
  path: string;
  /** A name for people. By default the path. */
  name?: string;
  /** What the service is for, as `$registry` lists it. */
  description?: string;
}

/**
 * A service written in Rust. `node.addService` takes it like one in TypeScript: it starts and stops
 * in order with the others, `start()` reports its failures, and it can be removed.
 */
export abstract class RustService {
  /** The first part of the paths of its actions. */
  readonly path: string;
  /** Its name for people. */
  readonly name: string;
  /** What it is for, as `$registry` lists it. */
  readonly description: string | undefined;
  /**
   * For `node.addService` alone.
   *
   * @internal
   */
  abstract readonly [HOSTING]: Hosting;

  protected constructor(options: RustServiceOptions) {
    this.path = options.path;
    this.name = options.name ?? options.path;
    this.description = options.description;
  }
}

/** The maker of a call: a node, or the context of a handler on whose behalf the call is made. */
export type Caller = Pick<Context, "request">;
