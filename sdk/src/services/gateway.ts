/** The HTTP gateway of a node: `runar_gateway`. */

import { isIP } from "node:net";
import {
  HOSTING,
  type Hosting,
  RustService,
  type RustServiceOptions,
} from "../api/rust-service.js";
import { checkOptions, refuse } from "../validation/validator.js";

const CODE = "ERR_RUNAR_SERVICE_DEFINITION";
const KEYS = ["path", "name", "description", "listen", "services"];
const MAX_PORT = 65_535;

/** A gateway of a node. */
export interface GatewayOptions extends RustServiceOptions {
  /**
   * Where to listen: a port of this machine alone (127.0.0.1), or an address such as
   * `"0.0.0.0:8080"`, which exposes the services to all who can reach it. Port 0 takes a free one.
   */
  listen: number | string;
  /**
   * The paths of the services that can be reached. By default all that are written in TypeScript; a
   * database only when it is named here, and then with every statement.
   */
  services?: readonly string[];
}

/**
 * Makes services reachable by HTTP: `GET /path/action` calls without a payload, `POST /path/action`
 * with its JSON body as the payload. The answer is JSON; a failure has the status 500 and is a text
 * that ends with its code. A node with a running gateway keeps the process alive until `stop()`.
 *
 * The gateway does not authenticate its clients. It reaches the services that are there when it starts, and
 * of them the actions whose names have no variable part.
 *
 * @example
 * const web = gateway({ path: "web", listen: 8080 });
 * node.addService(web);
 * await node.start();
 * console.log(web.url); // http://127.0.0.1:8080
 * // curl -H 'content-type: application/json' -d '[2, 3]' http://127.0.0.1:8080/math/add
 *
 * @throws ServiceDefinitionError, naming the key that is wrong.
 */
export function gateway(options: GatewayOptions): GatewayService {
  return new GatewayService(options);
}

/** A gateway that `gateway` describes. Made by `gateway` alone. */
export class GatewayService extends RustService {
  #address: string | undefined;
  /** @internal */
  readonly [HOSTING]: Hosting;

  constructor(options: GatewayOptions) {
    checkOptions(options, KEYS, "gateway", CODE);
    super(options);
    const { address, isLocal } = addressOf(options.listen);
    const services = servicesOf(options.services);
    this[HOSTING] = {
      config: { kind: "gateway", listen: address, services },
      holdsOpen: true,
      started: (address, context) => {
        this.#address = address as string;
        if (isLocal) return;
        context.logger.warn(
          `listens on ${this.#address}: whoever can reach it can call the services, unasked who they are`,
        );
      },
      stopped: () => {
        this.#address = undefined;
      },
    };
  }

  /** The address that is listened on, `127.0.0.1:8080`; `undefined` while the gateway is not running. */
  get address(): string | undefined {
    return this.#address;
  }

  /** The same as a URL, `http://127.0.0.1:8080`. */
  get url(): string | undefined {
    return this.#address === undefined ? undefined : `http://${this.#address}`;
  }
}

function refuseDefinition(where: string, what: string): never {
  return refuse(where, what, CODE);
}

function addressOf(listen: unknown): { address: string; isLocal: boolean } {
  const text = typeof listen === "number" ? `127.0.0.1:${listen}` : String(listen);
  const [, bracketed, plain, port = ""] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const host = plain === "localhost" ? "127.0.0.1" : (bracketed ?? plain ?? "");
  const version = isIP(host);
  if (version !== (bracketed === undefined ? 4 : 6) || Number(port) > MAX_PORT) {
    refuseDefinition(
      "gateway.listen",
      `expected a port or an address like "127.0.0.1:8080" or "[::1]:8080", got ${JSON.stringify(listen)}`,
    );
  }
  return {
    address: version === 6 ? `[${host}]:${port}` : `${host}:${port}`,
    isLocal: host.startsWith("127.") || host === "::1",
  };
}

function servicesOf(services: unknown): string[] | undefined {
  if (services === undefined) return undefined;
  if (!Array.isArray(services) || services.some((path) => typeof path !== "string")) {
    refuseDefinition("gateway.services", "expected an array of the paths of services");
  }
  return services;
}
