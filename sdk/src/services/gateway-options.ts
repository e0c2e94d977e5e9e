/** The options of a gateway: their types, their defaults and their checks. */

import { isIP } from "node:net";
import type { RustServiceOptions } from "../api/rust-service.js";
import { checkFunction, checkOptions, kindOf, refuse } from "../validation/validator.js";

const CODE = "ERR_RUNAR_SERVICE_DEFINITION";
const MAX_UINT32 = 0xffffffff;
const MAX_PORT = 65_535;
const MIN_TOKEN = 16;

/** A request as `authenticate` sees it: its body has not been read. */
export interface GatewayRequest {
  readonly method: string;
  /** The path of the action that it is for, decoded, such as `shop/price`. */
  readonly path: string;
  /** By names in lower case. Those that are given more than once are joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** The IP address of the client, or of the proxy that is in front. */
  readonly remoteAddress: string;
}

/**
 * Decides whether a request may go on: `true` or an object lets it, all else and a failure answer it
 * with 401. A failure is logged.
 */
export type Authenticate = (
  request: GatewayRequest,
) => boolean | object | Promise<boolean | object>;

/** A gateway of a node. */
export interface GatewayOptions extends RustServiceOptions {
  /**
   * Where to listen: a port of this machine alone (127.0.0.1), or an address such as
   * `"0.0.0.0:8080"`, which opens the services to every client that can reach it. Port 0 takes a free
   * one.
   */
  listen: number | string;
  /**
   * The paths of the services that can be reached. By default all that are written in TypeScript; a
   * database only when it is named here, and then with every statement.
   */
  services?: readonly string[];
  /**
   * The paths of actions that can be called by GET and HEAD too, because a call changes nothing:
   * `["shop/price"]`. By default none: any web page can make a browser send a GET. The gateway does
   * not start when it reaches no action of a path that is named here.
   */
  safe?: readonly string[];
  /**
   * Values that the header `Host` may have beside the address that is listened on, `localhost`,
   * `127.0.0.1` and `[::1]` with its port. Name here under which names a proxy, or a mapped port, has
   * the gateway: `["shop.example.org", "localhost:3000"]`. A name without a port fits every port.
   */
  hosts?: readonly string[];
  /**
   * The origins of other sites whose pages may call, and read the answers:
   * `["https://app.example.org"]`. By default none.
   */
  origins?: readonly string[];
  /**
   * What clients must send as `Authorization: Bearer …`: 16 or more letters, digits and `-._~+/=`.
   * Compared in constant time. Exclusive with `authenticate`.
   */
  token?: string;
  /** Decides about each request before its body is read. Exclusive with `token`. */
  authenticate?: Authenticate;
  /** How many bytes the body of a request may have. By default 2 MiB, at most 256 MiB. */
  maxBody?: number;
  /** How many bytes the request line and the headers may have. By default 16 KiB, at most 1 MiB. */
  maxHeaders?: number;
  /**
   * How many connections may be open. By default 1,000. For another one, that which has waited the
   * longest for its client is closed.
   */
  maxConnections?: number;
  /** How long the headers of a request may take from their first byte on. By default 10 seconds. */
  headersTimeoutMs?: number;
  /** How long a body may take, and how long `authenticate` may take. By default 30 seconds. */
  bodyTimeoutMs?: number;
  /** How long a connection may stay open without a request. By default 5 seconds. */
  idleTimeoutMs?: number;
}

/** The limits, each with its default, the least and the most that it may be. */
const LIMITS = {
  maxBody: [2 << 20, 1, 1 << 28],
  maxHeaders: [16 << 10, 1 << 10, 1 << 20],
  maxConnections: [1_000, 1, 1_000_000],
  headersTimeoutMs: [10_000, 1, MAX_UINT32],
  bodyTimeoutMs: [30_000, 1, MAX_UINT32],
  idleTimeoutMs: [5_000, 1, MAX_UINT32],
} as const;

type Limit = keyof typeof LIMITS;

/** The options of a gateway beside those of every service in Rust. */
export const GATEWAY_OPTIONS = [
  ...["listen", "services", "safe", "hosts", "origins", "token", "authenticate"],
  ...Object.keys(LIMITS),
];

const KEYS = ["path", "name", "description", ...GATEWAY_OPTIONS];

/** Refuses what is wrong, naming the key. Returns the config for Rust, and whether it is local. */
export function checkGateway(options: GatewayOptions): { config: object; isLocal: boolean } {
  checkOptions(options, KEYS, "gateway", CODE);
  const { address, isLocal } = addressOf(options.listen);
  const services = options.services && stringsOf(options.services, "services", "paths of services");
  const safe = safeOf(options.safe, services);
  checkFunction(options.authenticate, "gateway.authenticate", CODE);
  const token = tokenOf(options.token);
  if (token !== undefined && options.authenticate !== undefined) {
    refuseKey("gateway.authenticate", "expected either a token or authenticate, got both");
  }
  const config = {
    kind: "gateway",
    listen: address,
    services,
    safe,
    hosts: hostsOf(options.hosts),
    origins: originsOf(options.origins),
    token,
    authenticates: options.authenticate !== undefined,
    limits: limitsOf(options),
  };
  return { config, isLocal };
}

function refuseKey(where: string, what: string): never {
  return refuse(where, what, CODE);
}

function addressOf(listen: unknown): { address: string; isLocal: boolean } {
  const text = typeof listen === "number" ? `127.0.0.1:${listen}` : String(listen);
  const [, bracketed, plain, port = ""] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const host = plain === "localhost" ? "127.0.0.1" : (bracketed ?? plain ?? "");
  const version = isIP(host);
  if (version !== (bracketed === undefined ? 4 : 6) || Number(port) > MAX_PORT) {
    refuseKey(
      "gateway.listen",
      `expected a port or an address like "127.0.0.1:8080" or "[::1]:8080", got ${JSON.stringify(listen)}`,
    );
  }
  return {
    address: version === 6 ? `[${host}]:${port}` : `${host}:${port}`,
    isLocal: host.startsWith("127.") || host === "::1",
  };
}

function stringsOf(given: unknown, key: string, what: string): string[] {
  if (!Array.isArray(given) || given.some((one) => typeof one !== "string")) {
    refuseKey(`gateway.${key}`, `expected an array of the ${what}`);
  }
  return given;
}

function safeOf(given: unknown, services: readonly string[] | undefined): string[] {
  const safe = stringsOf(given ?? [], "safe", "paths of actions");
  for (const [index, path] of safe.entries()) {
    const where = `gateway.safe[${index}]`;
    const [service = "", ...action] = path.split("/");
    if ([service, ...action].includes("") || action.length === 0 || service.startsWith("$")) {
      refuseKey(
        where,
        `expected the path of an action like "shop/price", got ${JSON.stringify(path)}`,
      );
    }
    if (services?.includes(service) === false) {
      refuseKey(where, `the service ${JSON.stringify(service)} is not among gateway.services`);
    }
  }
  return safe;
}

function hostsOf(given: unknown): string[] {
  const hosts = stringsOf(given ?? [], "hosts", "names of hosts");
  for (const [index, host] of hosts.entries()) {
    const parts = /^(?:\[([^\]]+)\]|[\w.-]+)(?::(\d+))?$/.exec(host);
    const [, address, port = 0] = parts ?? [];
    const isAddress = address === undefined || isIP(address) === 6;
    if (parts === null || !isAddress || Number(port) > MAX_PORT) {
      refuseKey(
        `gateway.hosts[${index}]`,
        `expected a name like "shop.example.org" or "localhost:3000", got ${JSON.stringify(host)}`,
      );
    }
  }
  return hosts;
}

function originsOf(given: unknown): string[] {
  const origins = stringsOf(given ?? [], "origins", "origins of pages");
  for (const [index, origin] of origins.entries()) {
    let parsed: URL | undefined;
    try {
      parsed = new URL(origin);
    } catch {
      // It is refused below.
    }
    if (parsed?.origin !== origin || !/^https?:$/.test(parsed.protocol)) {
      refuseKey(
        `gateway.origins[${index}]`,
        `expected an origin like "https://app.example.org", got ${JSON.stringify(origin)}`,
      );
    }
  }
  return origins;
}

/** The token is in no message. */
function tokenOf(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const isToken = typeof given === "string" && /^[\w.~+/-]+=*$/.test(given);
  if (!isToken || given.length < MIN_TOKEN) {
    refuseKey(
      "gateway.token",
      `expected ${MIN_TOKEN} or more letters, digits and -._~+/=, got ${typeof given === "string" ? `${given.length} characters` : kindOf(given)}`,
    );
  }
  return given;
}

function limitsOf(options: GatewayOptions): Record<Limit, number> {
  const limitOf = (key: Limit): number => {
    const [byDefault, least, most] = LIMITS[key];
    const given: unknown = options[key];
    if (given === undefined) return byDefault;
    if (typeof given === "number" && Number.isInteger(given) && given >= least && given <= most) {
      return given;
    }
    const got = typeof given === "number" ? given : kindOf(given);
    refuseKey(`gateway.${key}`, `expected a whole number from ${least} to ${most}, got ${got}`);
  };
  return {
    maxBody: limitOf("maxBody"),
    maxHeaders: limitOf("maxHeaders"),
    maxConnections: limitOf("maxConnections"),
    headersTimeoutMs: limitOf("headersTimeoutMs"),
    bodyTimeoutMs: limitOf("bodyTimeoutMs"),
    idleTimeoutMs: limitOf("idleTimeoutMs"),
  };
}
