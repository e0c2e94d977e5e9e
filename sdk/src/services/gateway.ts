/** HTTP for the services of a node. */

import { HOSTING, type Hosting, RustService } from "../api/rust-service.js";
import { type Authenticate, checkGateway, type GatewayOptions } from "./gateway-options.js";

export type { Authenticate, GatewayOptions, GatewayRequest } from "./gateway-options.js";

/**
 * Makes services reachable by HTTP: `POST /path/action` calls with its JSON body as the payload, and
 * `GET /path/action` without a payload, for the actions that `safe` names. The answer is JSON; a
 * failure has the status 500 and is a text that ends with its code, or JSON for a client that
 * accepts `application/json`. A node with a running gateway keeps the process alive until `stop()`.
 *
 * Without `token` or `authenticate` every client that can reach the port may call. Requests for a
 * foreign `Host`, and of web pages of other origins, are refused. It reaches the services that are
 * there when it starts.
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
  /** Not a public property, which `console.log` would show with the token. */
  readonly #hosting: Hosting;

  constructor(options: GatewayOptions) {
    const { config, isLocal } = checkGateway(options);
    super(options);
    const { authenticate, token } = options;
    const isOpen = !isLocal && authenticate === undefined && token === undefined;
    this.#hosting = {
      config,
      holdsOpen: true,
      authenticate: authenticate && asBoolean(authenticate),
      started: (address, context) => {
        this.#address = address as string;
        if (!isOpen) return;
        context.logger.warn(
          `listens on ${this.#address}: whoever can reach it can call the services, unasked who they are`,
        );
      },
      stopped: () => {
        this.#address = undefined;
      },
    };
  }

  /** @internal */
  get [HOSTING](): Hosting {
    return this.#hosting;
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

function asBoolean(authenticate: Authenticate): (request: unknown) => Promise<boolean> {
  return async (request) => {
    const answer: unknown = await authenticate(request as Parameters<Authenticate>[0]);
    return answer === true || (typeof answer === "object" && answer !== null);
  };
}
