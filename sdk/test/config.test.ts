import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { NodeConfig } from "runar-ts";
import { load } from "runar-ts-ffi";
import { describe, expect, it } from "vitest";
import { makeNode, thrown } from "./support.js";

const PUBLIC_KEY = `04${"ab".repeat(64)}`;
const file = createRequire(import.meta.url).resolve("runar-ts/config.schema.json");
const schema = JSON.parse(readFileSync(file, "utf8"));
const matchesSchema = new Ajv2020({ allErrors: true }).compile(schema);

const MS = "expected a whole number of milliseconds of at least 1, got";
const BYTES = "expected a whole number of bytes of at least 1, got";
const ADDRESS = "expected an address and a port such as 127.0.0.1:0, got";
const GROUP =
  "expected an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98, got";
const LEVEL = "expected trace, debug, info, warn, error or off, got";
const NO_NETWORK_ID =
  "is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }";

const multicast = { discovery_providers: [{ multicast: {} }] };

/** A config with the given network config. */
const network = (network_config: unknown) => ({ network_config });
const transport = (transport_options: unknown) => network({ transport_options });
const quic = (quic_options: unknown) => network({ quic_options });
const providers = (...discovery_providers: unknown[]) => network({ discovery_providers });
const discovery = (discovery_options: unknown) => network({ ...multicast, discovery_options });
const logging = (logging_config: unknown) => ({ logging_config });

type Rows = [config: unknown, message: string][];

const unknownKeys: Rows = [
  [{ netwrk_config: {} }, "config.netwrk_config: unknown key, did you mean network_config?"],
  [
    { requestTimeoutMs: 5 },
    "config.requestTimeoutMs: unknown key, did you mean request_timeout_ms?",
  ],
  [{ request_timeout: 5 }, "config.request_timeout: unknown key, did you mean request_timeout_ms?"],
  [{ nodeId: "a" }, "config.nodeId: unknown key, did you mean node_id?"],
  [{ network_id: "a" }, "config.network_id: unknown key, did you mean network_ids?"],
  [
    { zzz: 1 },
    "config.zzz: unknown key; known are node_id, default_network_id, network_ids, network_config, logging_config, request_timeout_ms, $schema",
  ],
  [
    { "": 1 },
    "config.: unknown key; known are node_id, default_network_id, network_ids, network_config, logging_config, request_timeout_ms, $schema",
  ],
  [
    { "a`b`, expected `c`": 1 },
    "config.a`b`, expected `c`: unknown key; known are node_id, default_network_id, network_ids, network_config, logging_config, request_timeout_ms, $schema",
  ],
  [
    transport({ bind_adress: "x" }),
    "config.network_config.transport_options.bind_adress: unknown key, did you mean bind_address?",
  ],
  [
    transport({ timeout: 1 }),
    "config.network_config.transport_options.timeout: unknown key, did you mean timeout_ms?",
  ],
  [
    network({ discovery_provider: [] }),
    "config.network_config.discovery_provider: unknown key, did you mean discovery_providers?",
  ],
  [
    quic({ cache: 1 }),
    "config.network_config.quic_options.cache: unknown key; known are response_cache_ttl_ms",
  ],
  [
    discovery({ node_ttl: 5 }),
    "config.network_config.discovery_options.node_ttl: unknown key, did you mean node_ttl_ms?",
  ],
  [
    providers({ multicast: { announce_interval: 5 } }),
    "config.network_config.discovery_providers[0].multicast.announce_interval: unknown key, did you mean announce_interval_ms?",
  ],
  [
    providers({ type: "multicast" }),
    "config.network_config.discovery_providers[0].type: unknown key; known are multicast",
  ],
  [
    logging({ level: "info" }),
    "config.logging_config.level: unknown key; known are default_level, component_levels",
  ],
];

/** Rust fields without a config key. */
const notTaken: Rows = [
  [
    { key_manager_state: "" },
    "config.key_manager_state: cannot be set: it belongs to the node's identity",
  ],
  [
    network({ transport_type: "quic" }),
    "config.network_config.transport_type: cannot be set: the core has one transport, QUIC",
  ],
  [
    network({ load_balancer: {} }),
    "config.network_config.load_balancer: cannot be set: the core has one load balancer, round robin",
  ],
  [
    quic({ connection_idle_timeout_ms: 1 }),
    "config.network_config.quic_options.connection_idle_timeout_ms: cannot be set: set network_config.peer_timeout_ms instead",
  ],
  [
    quic({ keep_alive_interval: 1 }),
    "config.network_config.quic_options.keep_alive_interval: cannot be set: it follows from network_config.peer_timeout_ms",
  ],
  [
    providers({ static: { node_addresses: ["127.0.0.1:1"] } }),
    "config.network_config.discovery_providers[0].static: cannot be set: the core does not implement it; name peers in network_config.peers",
  ],
];

const wrongTypes: Rows = [
  [{ node_id: 5 }, "config.node_id: expected a string, got 5"],
  [{ node_id: null }, "config.node_id: expected a string, got null"],
  [{ $schema: true }, "config.$schema: expected a string, got true"],
  [{ default_network_id: ["a"] }, "config.default_network_id: expected a string, got an array"],
  [{ network_ids: "a" }, 'config.network_ids: expected an array, got "a"'],
  [{ network_ids: ["a", {}] }, "config.network_ids[1]: expected a string, got an object"],
  [network(null), "config.network_config: expected an object, got null"],
  [network(true), "config.network_config: expected an object, got true"],
  [network([]), "config.network_config: expected an object, got an array"],
  [
    transport("127.0.0.1:0"),
    'config.network_config.transport_options: expected an object, got "127.0.0.1:0"',
  ],
  [
    transport({ bind_address: 8080 }),
    `config.network_config.transport_options.bind_address: ${ADDRESS} 8080`,
  ],
  [
    network({ discovery_providers: { multicast: {} } }),
    "config.network_config.discovery_providers: expected an array, got an object",
  ],
  [
    providers("multicast"),
    'config.network_config.discovery_providers[0]: expected an object, got "multicast"',
  ],
  [
    providers(["multicast"]),
    "config.network_config.discovery_providers[0]: expected an object, got an array",
  ],
  [
    providers({ multicast: true }),
    "config.network_config.discovery_providers[0].multicast: expected an object, got true",
  ],
  [
    discovery({ use_multicast: "yes" }),
    'config.network_config.discovery_options.use_multicast: expected a boolean, got "yes"',
  ],
  [
    discovery({ multicast_group: 239 }),
    `config.network_config.discovery_options.multicast_group: ${GROUP} 239`,
  ],
  [logging("info"), 'config.logging_config: expected an object, got "info"'],
  [
    logging({ component_levels: [] }),
    "config.logging_config.component_levels: expected an object, got an array",
  ],
  [logging({ default_level: 3 }), `config.logging_config.default_level: ${LEVEL} 3`],
  [{ request_timeout_ms: "soon" }, `config.request_timeout_ms: ${MS} "soon"`],
  [{ request_timeout_ms: "5000" }, `config.request_timeout_ms: ${MS} "5000"`],
  [{ request_timeout_ms: null }, `config.request_timeout_ms: ${MS} null`],
  [
    { request_timeout_ms: "x".repeat(100) },
    `config.request_timeout_ms: ${MS} "${"x".repeat(60)}…"`,
  ],
  [
    network({ max_connections: "many" }),
    'config.network_config.max_connections: expected a whole number of at least 1, got "many"',
  ],
  [network({ max_message_size: "1MB" }), `config.network_config.max_message_size: ${BYTES} "1MB"`],
];

const wrongValues: Rows = [
  [{ request_timeout_ms: 0 }, `config.request_timeout_ms: ${MS} 0`],
  [{ request_timeout_ms: -1 }, `config.request_timeout_ms: ${MS} -1`],
  [{ request_timeout_ms: 1.5 }, `config.request_timeout_ms: ${MS} 1.5`],
  [
    { request_timeout_ms: 2 ** 32 },
    "config.request_timeout_ms: expected a whole number of milliseconds of at most 4294967295, got 4294967296",
  ],
  [transport({ timeout_ms: 0 }), `config.network_config.transport_options.timeout_ms: ${MS} 0`],
  [
    transport({ max_message_size: 0 }),
    `config.network_config.transport_options.max_message_size: ${BYTES} 0`,
  ],
  [
    quic({ response_cache_ttl_ms: 0 }),
    `config.network_config.quic_options.response_cache_ttl_ms: ${MS} 0`,
  ],
  [network({ connection_timeout_ms: 0 }), `config.network_config.connection_timeout_ms: ${MS} 0`],
  [network({ request_timeout_ms: 0 }), `config.network_config.request_timeout_ms: ${MS} 0`],
  [
    network({ max_connections: 0 }),
    "config.network_config.max_connections: expected a whole number of at least 1, got 0",
  ],
  [network({ max_message_size: 0 }), `config.network_config.max_message_size: ${BYTES} 0`],
  [network({ max_chunk_size: 0 }), `config.network_config.max_chunk_size: ${BYTES} 0`],
  [network({ peer_timeout_ms: 0 }), `config.network_config.peer_timeout_ms: ${MS} 0`],
  [
    network({ accept_unauthenticated_peers: "yes" }),
    'config.network_config.accept_unauthenticated_peers: expected a boolean, got "yes"',
  ],
  [network({ peers: {} }), "config.network_config.peers: expected an array, got an object"],
  [
    network({ peers: [{ public_key: PUBLIC_KEY }] }),
    "config.network_config.peers[0]: expected the key addresses",
  ],
  [
    network({ peers: [{ public_key: "04", addresses: ["127.0.0.1:1"] }] }),
    'config.network_config.peers[0].public_key: expected a public key: 130 hexadecimal digits that begin with 04, got "04"',
  ],
  [
    network({ peers: [{ public_key: PUBLIC_KEY, addresses: [] }] }),
    "config.network_config.peers[0].addresses: expected one address at least",
  ],
  [
    network({ peers: [{ public_key: PUBLIC_KEY, addresses: ["nowhere"] }] }),
    'config.network_config.peers[0].addresses: "nowhere" is no address with a port such as 127.0.0.1:4433',
  ],
  [
    discovery({ announce_interval_ms: 0 }),
    `config.network_config.discovery_options.announce_interval_ms: ${MS} 0`,
  ],
  [
    providers({ multicast: { node_ttl_ms: 0 } }),
    `config.network_config.discovery_providers[0].multicast.node_ttl_ms: ${MS} 0`,
  ],
  [providers({}), "config.network_config.discovery_providers[0]: expected the key multicast"],
  [
    providers({ multicast: {} }, { multicast: {} }),
    "config.network_config.discovery_providers: expected one provider at most: there is one set of options",
  ],
  [{ default_network_id: "a b" }, `config.default_network_id: "a b" ${NO_NETWORK_ID}`],
  [{ default_network_id: "" }, `config.default_network_id: "" ${NO_NETWORK_ID}`],
  [{ network_ids: ["a", "b:c"] }, `config.network_ids[1]: "b:c" ${NO_NETWORK_ID}`],
  [{ network_ids: ["*"] }, `config.network_ids[0]: "*" ${NO_NETWORK_ID}`],
  [{ network_ids: ["\u0007"] }, `config.network_ids[0]: "\\u{7}" ${NO_NETWORK_ID}`],
  [logging({ default_level: "loud" }), `config.logging_config.default_level: ${LEVEL} "loud"`],
  [logging({ default_level: "INFO" }), `config.logging_config.default_level: ${LEVEL} "INFO"`],
  [
    logging({ component_levels: { Node: "verbose" } }),
    `config.logging_config.component_levels.Node: ${LEVEL} "verbose"`,
  ],
];

/** Checks that a schema cannot express. */
const beyondTheSchema: Rows = [
  [
    transport({ bind_address: "nowhere" }),
    `config.network_config.transport_options.bind_address: ${ADDRESS} "nowhere"`,
  ],
  [
    transport({ bind_address: "127.0.0.1" }),
    `config.network_config.transport_options.bind_address: ${ADDRESS} "127.0.0.1"`,
  ],
  [
    transport({ bind_address: "127.0.0.1:65536" }),
    `config.network_config.transport_options.bind_address: ${ADDRESS} "127.0.0.1:65536"`,
  ],
  [
    transport({ bind_address: "localhost:0" }),
    `config.network_config.transport_options.bind_address: ${ADDRESS} "localhost:0"`,
  ],
  [
    discovery({ multicast_group: "10.0.0.1" }),
    `config.network_config.discovery_options.multicast_group: ${GROUP} "10.0.0.1"`,
  ],
  [
    providers({ multicast: { multicast_group: "ff02::1" } }),
    `config.network_config.discovery_providers[0].multicast.multicast_group: ${GROUP} "ff02::1"`,
  ],
  [
    network({ discovery_options: {} }),
    'config.network_config.discovery_options: needs a provider, such as discovery_providers: [{"multicast": {}}]',
  ],
];

function refusal(config: unknown) {
  const error = thrown(() => makeNode({}, config as NodeConfig));
  expect(error).toMatchObject({ name: "ConfigError", code: "ERR_RUNAR_CONFIG" });
  return error;
}

describe.each<[string, Rows]>([
  ["unknown keys", unknownKeys],
  ["keys of Rust that are not taken", notTaken],
  ["wrong types", wrongTypes],
  ["wrong values", wrongValues],
])("the node and the schema refuse %s", (_kind, rows) => {
  it.each(rows)("%j", (config, message) => {
    const error = refusal(config);
    expect(error.message).toBe(message);
    expect(message).toContain(`${(error.details as { path: string }).path}: `);
    expect(matchesSchema(config)).toBe(false);
  });
});

describe("the node refuses values that a schema cannot exclude", () => {
  it.each(beyondTheSchema)("%j", (config, message) => {
    expect(refusal(config).message).toBe(message);
    expect(matchesSchema(config)).toBe(true);
  });

  it.each<[unknown, string]>([
    [null, "config: expected an object, got null"],
    [[], "config: expected an object, got an array"],
    ["{}", "config: expected an object, got a string"],
  ])("%j", (config, message) => {
    expect(refusal(config).message).toBe(message);
    expect(matchesSchema(config)).toBe(false);
  });
});

/** Every config key. */
const full: NodeConfig = {
  node_id: "greenhouse",
  default_network_id: "garden",
  network_ids: ["shed", "house"],
  network_config: {
    transport_options: { bind_address: "[::1]:0", timeout_ms: 1, max_message_size: 1 },
    quic_options: { response_cache_ttl_ms: 1 },
    discovery_providers: [
      {
        multicast: {
          multicast_group: "239.255.42.98:45678",
          announce_interval_ms: 1,
          discovery_timeout_ms: 1,
          node_ttl_ms: 1,
          use_multicast: true,
          local_network_only: true,
        },
      },
    ],
    discovery_options: {
      announce_interval_ms: 1,
      discovery_timeout_ms: 1,
      node_ttl_ms: 1,
      debounce_window_ms: 1,
      use_multicast: false,
      local_network_only: false,
      multicast_group: "224.0.0.1",
    },
    connection_timeout_ms: 1,
    request_timeout_ms: 1,
    max_connections: 1,
    max_message_size: 1,
    max_payload_size: 1,
    max_calls_per_peer: 1,
    max_queued_bytes_per_peer: 1,
    send_error_stacks: true,
    max_chunk_size: 4_294_967_295,
    peers: [{ public_key: PUBLIC_KEY, addresses: ["127.0.0.1:1", "[::1]:2", "shop.example:3"] }],
    accept_unauthenticated_peers: true,
    peer_timeout_ms: 1,
  },
  logging_config: {
    default_level: "off",
    component_levels: { Node: "trace", Registry: "debug", Service: "info", Mine: "error" },
  },
  request_timeout_ms: 4_294_967_295,
  $schema: "./node_modules/runar-ts/config.schema.json",
};

interface SchemaPart {
  $ref?: string;
  items?: SchemaPart;
  properties?: Record<string, SchemaPart>;
}

/** The paths of the keys in the schema. */
function keysOf(part: SchemaPart, path = ""): string[] {
  const name = part.$ref?.split("/").at(-1);
  if (name !== undefined) return keysOf(schema.$defs[name], path);
  if (part.items !== undefined) return keysOf(part.items, `${path}.0`);
  return Object.entries(part.properties ?? {}).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...keysOf(inner, `${path}.${key}`),
  ]);
}

describe("the node and the schema accept a config", () => {
  it.each<[string, NodeConfig]>([
    ["with no key", {}],
    ["with every key", full],
    ["with every object empty", { network_config: {}, logging_config: {}, network_ids: [] }],
    ["with multicast discovery", { network_config: multicast }],
  ])("%s", (_kind, config) => {
    makeNode({}, config);
    expect(matchesSchema(config)).toBe(true);
  });

  it("the full config has every key of the schema", () => {
    const missing = keysOf(schema).filter((path) => {
      const keys = path.slice(1).split(".");
      const at = (part: unknown, key: string) =>
        (part as Record<string, unknown> | undefined)?.[key];
      return keys.reduce<unknown>(at, full) === undefined;
    });
    expect(missing).toEqual([]);
  });
});

it("the shipped schema matches the Rust types", () => {
  expect(schema).toEqual(JSON.parse(load().configSchema()));
});
