/** SDK nodes and Rust programs on the core's own transport. */

import { Identity, Network, type Node, type NodeConfig, type Peer } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { fixtures } from "../../ci/fixtures.mjs";
import { killRustPeers, RustPeer } from "./rust-peer.js";
import { failure, makeNode, stopNodes } from "./support.js";

afterEach(async () => {
  await killRustPeers();
  await stopNodes();
});

const quick = { timeoutMs: 15_000 };

function member(network: Network): Identity {
  const identity = Identity.create();
  network.enrol(identity);
  return identity;
}

async function nodeOf(network: Network, config: NodeConfig["network_config"] = {}) {
  const identity = member(network);
  const node = makeNode({ identity }, { network_config: config });
  node.addService({
    name: "text",
    path: "text",
    actions: {
      twice: { params: ["text"], handler: (text: string) => text + text },
      fail: () => {
        throw new Error("no ink");
      },
    },
  });
  await node.start();
  return Object.assign(node, { publicKey: identity.publicKey, identity });
}

const addressOf = (rust: RustPeer) => ({ publicKey: rust.publicKey, addresses: [rust.address] });

async function until(node: Node, holds: (peer: Peer) => boolean): Promise<void> {
  const changes = node.peerChanges();
  if (node.peers().some(holds)) return;
  for await (const { peer } of changes) if (holds(peer)) return;
  throw new Error("the node has stopped");
}

/** A node that has dialled a Rust peer. */
async function pair(listen: string[] = []) {
  const network = Network.create();
  const node = await nodeOf(network);
  const rust = await RustPeer.start(member(network), { listen });
  await node.connect(addressOf(rust), quick);
  await rust.process.next({ event: "peer", change: "discovered", id: node.id });
  return { network, node, rust };
}

describe("a node connected to a Rust peer", () => {
  it("knows the services and the authenticated id of the peer", async () => {
    const { node, rust } = await pair();
    const [peer] = node.peers();
    expect(peer).toMatchObject({ id: rust.id, authenticated: true, sdk: false });
    expect(peer?.services.map(({ path }) => path)).toContain("calculator");
  });

  it("calls its actions, with named parameters", async () => {
    const { node } = await pair();
    expect(await node.request("calculator/add", { a: 2, b: 0.5 })).toBe(2.5);
    expect(await node.request("calculator/count", { from: 5, count: 3 })).toEqual([5, 6, 7]);
    expect(await node.request("calculator/greet", { name: "Ada", title: "Lady" })).toBe(
      "Hello, Lady Ada!",
    );
    const order = { isbn: "moby-dick", count: 2, price: 12.5 };
    expect(await node.request("calculator/total", { orders: [order, order] })).toBe(50);
  });

  it("receives failures of the peer as errors", async () => {
    const { node } = await pair();
    const error = await failure(node.request("trouble/fail", { message: "no paper" }));
    expect([error.code, error.message]).toEqual([
      "ERR_RUNAR_REMOTE",
      expect.stringContaining("no paper"),
    ]);
  });

  it("is called by the peer, also during a call", async () => {
    const { node, rust } = await pair();
    expect(await rust.call("text/twice", { text: "ab" })).toBe("abab");
    const call = { path: "text/twice", payload: JSON.stringify({ text: "xy" }) };
    expect(await node.request("relay/call", call)).toBe('"xyxy"');
  });

  it("reports failures to the peer as the core does", async () => {
    const { rust } = await pair();
    expect(await rust.call("text/fail")).toMatchObject({
      error: true,
      message: "text/fail: no ink",
    });
  });

  it("exchanges events with the peer", async () => {
    const { node, rust } = await pair(["news/weather"]);
    const heard = node.once("greetings/sent", quick);
    await rust.process.next({ event: "peer", change: "updated", id: node.id });
    expect(await rust.call("greetings/send", { text: "hello" })).toBe("hello");
    expect((await heard).value).toBe("hello");
    await until(node, ({ subscriptions }) => subscriptions.includes("news/weather"));
    await node.publish("news/weather", { sun: true });
    expect(await rust.process.next({ event: "heard", topic: "news/weather" })).toMatchObject({
      value: { sun: true },
    });
  });

  it("does not send payloads that would cut the connection, and survives large answers", async () => {
    const { node } = await pair();
    const large = await failure(node.request("calculator/greet", { name: "x".repeat(500_000) }));
    expect(large.code).toBe("ERR_RUNAR_TOO_LARGE");
    const answer = await failure(node.request("trouble/large", { bytes: 600_000 }));
    expect(answer.code).toBe("ERR_RUNAR_TOO_LARGE");
    expect(await node.request("calculator/add", { a: 1, b: 1 })).toBe(2);
  });

  it("times out when the peer does not answer", async () => {
    const { node } = await pair();
    const never = await failure(node.request("trouble/never", {}, { timeoutMs: 200 }));
    expect(never.code).toBe("ERR_RUNAR_TIMEOUT");
    // The core serves one call of a peer at a time; queued calls time out as well.
    const behind = node.request("calculator/add", { a: 1, b: 1 }, { timeoutMs: 200 });
    expect((await failure(behind)).code).toBe("ERR_RUNAR_TIMEOUT");
    expect(node.peers()).toHaveLength(1);
  });

  it("times out when the handler of the peer panics", async () => {
    const { node } = await pair();
    const panicked = node.request("trouble/panic", { message: "oh" }, { timeoutMs: 500 });
    expect(["ERR_RUNAR_TIMEOUT", "ERR_RUNAR_PEER_LOST"]).toContain((await failure(panicked)).code);
  });

  it("notices within the timeout that the peer was killed, and reconnects after a restart", async () => {
    const network = Network.create();
    const node = await nodeOf(network, { peer_timeout_ms: 1_000 });
    const identity = member(network);
    const rust = await RustPeer.start(identity);
    await node.connect(addressOf(rust), quick);
    const changes = node.peerChanges();
    rust.process.child.kill("SIGKILL");
    expect((await changes.next()).value?.change).toBe("disconnected");
    await RustPeer.start(identity, { bind_address: rust.address });
    expect((await changes.next()).value?.change).toBe("connected");
    expect(await node.request("calculator/add", { a: 1, b: 1 })).toBe(2);
  }, 40_000);
});

it("refuses a Rust peer with an expired certificate, which the core would accept", async () => {
  const network = Network.create();
  const node = await nodeOf(network);
  const keys = fixtures.fixtureExpiredIdentity(member(network).export());
  const rust = await RustPeer.start(Identity.restore(keys));
  const error = await failure(node.connect(addressOf(rust), quick));
  expect([error.code, error.message]).toEqual([
    "ERR_RUNAR_PEER_IDENTITY",
    expect.stringContaining("Certificate expired"),
  ]);
});

describe("a Rust peer that calls a node", () => {
  it("is connected back, and both sides can call", async () => {
    const network = Network.create();
    const node = await nodeOf(network);
    const peers = [{ public_key: node.publicKey, addresses: [...node.addresses] }];
    const rust = await RustPeer.start(member(network), { peers });
    expect(await node.waitForPeer(rust.id, quick)).toMatchObject({ authenticated: true });
    expect(await node.request("calculator/add", { a: 1, b: 1 })).toBe(2);
    await rust.process.next({ event: "peer", change: "discovered", id: node.id });
    expect(await rust.call("text/twice", { text: "ab" })).toBe("abab");
  });

  it("is found by multicast", async () => {
    const network = Network.create();
    const group = `239.255.${1 + (process.pid % 250)}.78:45680`;
    const node = await nodeOf(network, {
      discovery_providers: [{ multicast: { multicast_group: group, announce_interval_ms: 200 } }],
    });
    const settings = { multicast_group: group, announce_interval_ms: 200 };
    const rust = await RustPeer.start(member(network), settings);
    await node.waitForPeer(rust.id, quick);
    expect(await node.request("calculator/add", { a: 1, b: 1 })).toBe(2);
    await rust.process.next({ event: "peer", change: "discovered", id: node.id });
    expect(await rust.call("text/twice", { text: "ab" })).toBe("abab");
  });

  it("of another authority is refused, although the core would run its call", async () => {
    const node = await nodeOf(Network.create());
    const peers = [{ public_key: node.publicKey, addresses: [...node.addresses] }];
    const stranger = await RustPeer.start(member(Network.create()), { peers });
    const told = () => node.records.map(({ message }) => message).join("\n");
    await expect
      .poll(told, { timeout: 10_000 })
      .toContain(`not to the network ${node.identity.networkId}`);
    await expect(stranger.call("text/twice")).rejects.toThrow();
    expect(node.peers()).toEqual([]);
  });
});

describe("accept_unauthenticated_peers", () => {
  it("serves an unauthenticated Rust peer", async () => {
    const network = Network.create();
    const node = await nodeOf(network, { accept_unauthenticated_peers: true });
    const peers = [{ public_key: node.publicKey, addresses: [...node.addresses] }];
    const rust = await RustPeer.start(member(network), { peers });
    expect(await node.waitForPeer(rust.id, quick)).toMatchObject({ authenticated: false });
    await rust.process.next({ event: "peer", change: "discovered", id: node.id });
    expect(await rust.call("text/twice", { text: "ab" })).toBe("abab");
  });
});
