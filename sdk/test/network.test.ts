/** SDK nodes over real sockets. */

import { json, Network, type Node, type PeerChange } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { addressOf, member, nodeOf, pair, quick } from "./members.js";
import { deferred, failure, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

const math = {
  name: "math-service",
  path: "math",
  actions: {
    add: (a: number, b: number) => a + b,
    who: () => process.pid,
  },
};

describe("two nodes", () => {
  it("list each other once connected", async () => {
    const { a, b } = await pair();
    expect(a.peers()).toEqual([
      {
        id: b.id,
        publicKey: b.publicKey,
        addresses: b.addresses,
        services: [],
        subscriptions: [],
        connected: true,
        authenticated: true,
        sdk: true,
      },
    ]);
    expect(b.peers().map(({ id, authenticated }) => [id, authenticated])).toEqual([[a.id, true]]);
  });

  it("call each other", async () => {
    const { a, b } = await pair();
    await a.addService(math);
    await b.addService({ name: "text", path: "text", actions: { twice: (x: string) => x + x } });
    await Promise.all([a.waitForService("text", quick), b.waitForService("math", quick)]);
    expect(await a.request("text/twice", ["ab"])).toBe("abab");
    expect(await b.request("math/add", [2, 3])).toBe(5);
    expect(await b.client<typeof math>("math").add(20, 22)).toBe(42);
  });

  it("make many concurrent calls to each other", async () => {
    const { a, b } = await pair();
    await a.addService(math);
    await b.addService({ ...math, path: "maths" });
    await Promise.all([a.waitForService("maths", quick), b.waitForService("math", quick)]);
    const calls = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? a.request("maths/add", [index, 1]) : b.request("math/add", [index, 1]),
    );
    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => index + 1));
  });

  it("nest calls through each other to any depth", async () => {
    const { a, b } = await pair();
    const countdown = (other: string) => ({
      name: "countdown",
      path: other === "b" ? "a" : "b",
      actions: {
        down: (left: number, ctx: { request(path: string, payload: unknown): Promise<unknown> }) =>
          left === 0 ? "done" : ctx.request(`${other}/down`, [left - 1]),
      },
    });
    await a.addService(countdown("b"));
    await b.addService(countdown("a"));
    await Promise.all([a.waitForService("b", quick), b.waitForService("a", quick)]);
    expect(await a.request("b/down", [9])).toBe("done");
  });

  it("pass values unchanged", async () => {
    const { a, b } = await pair();
    await b.addService({
      name: "echo",
      path: "echo",
      actions: { value: (value: unknown) => value },
    });
    await a.waitForService("echo", quick);
    const values = [
      true,
      "text",
      0,
      -7,
      1.5,
      Number.NaN,
      2 ** 40,
      123n,
      { a: 1, nested: { list: [1, "two", null], none: null } },
      [1, 2, 3],
      ["a", "b"],
      [],
      {},
      new Uint8Array([0, 1, 255]),
      { bytes: new Uint8Array([1, 2]), more: [Number.NaN, null] },
      { error: true, message: "only data" },
    ];
    for (const value of values) {
      const sent = Array.isArray(value) ? [value] : value;
      expect(await a.request("echo/value", sent), String(value)).toEqual(value);
    }
    expect(await a.request("echo/value", json({ one: 1 }))).toEqual({ one: 1 });
  });

  it("pass path parameters to the handler", async () => {
    const { a, b } = await pair();
    await b.addService({
      name: "items",
      path: "items",
      actions: { "{id}/part/{part}": (_: unknown, ctx: { params: object }) => ctx.params },
    });
    await a.waitForService("items", quick);
    expect(await a.request("items/7/part/left")).toEqual({ id: "7", part: "left" });
  });

  it("receive the reason of a failed call", async () => {
    const { a, b } = await pair();
    await b.addService({
      name: "bad",
      path: "bad",
      actions: {
        throws: () => {
          throw new Error("no such book");
        },
        rejects: async () => {
          throw new TypeError("not today");
        },
        slow: { timeoutMs: 50, handler: () => new Promise(() => undefined) },
      },
    });
    await a.waitForService("bad", quick);
    const thrown = await failure(a.request("bad/throws"));
    expect([thrown.code, thrown.message]).toEqual(["ERR_RUNAR_ACTION", "bad/throws: no such book"]);
    expect((await failure(a.request("bad/rejects"))).message).toBe("bad/rejects: not today");
    expect((await failure(a.request("bad/slow"))).code).toBe("ERR_RUNAR_TIMEOUT");
    expect((await failure(a.request("bad/nothing"))).code).toBe("ERR_RUNAR_NOT_FOUND");
  });

  it("cannot call each other's registry and keys", async () => {
    const { a, b } = await pair();
    await b.addService(math);
    await a.waitForService("math", quick);
    for (const path of ["$registry/services/list", "$keys/ensure_symmetric_key"]) {
      const answer = await a.request(path, "name").then(
        (value) => JSON.stringify(value),
        (error) => error.code,
      );
      // A node answers from its own registry, which lists no services of peers.
      expect(answer, path).not.toContain("math-service");
    }
  });

  it("receive each other's events in order", async () => {
    const { a, b } = await pair();
    const heard: unknown[] = [];
    const all = deferred();
    b.on("orders/*", (event) => {
      heard.push([event.topic, event.value]);
      if (heard.length === 100) all.resolve();
    });
    await subscribed(a, "orders/*");
    for (let index = 0; index < 100; index++) await a.publish("orders/placed", { index });
    await all.promise;
    const expected = Array.from({ length: 100 }, (_, index) => ["orders/placed", { index }]);
    expect(heard).toEqual(expected);
  });

  it("keep the order of events that take different routes", async () => {
    const { a, b } = await pair();
    const heard: unknown[] = [];
    const all = deferred();
    b.on("orders/placed", ({ value }) => {
      heard.push(value);
      if (heard.length === 200) all.resolve();
    });
    await subscribed(a, "orders/placed");
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    // Retained events go to the core first.
    const publish = (index: number) =>
      a.publish("orders/placed", index, index % 7 === 0 ? { retainMs: 1_000 } : {});
    await Promise.all(numbers.slice(0, 100).map(publish));
    for (const index of numbers.slice(100)) await publish(index);
    await all.promise;
    expect(heard).toEqual(numbers);
  });

  it("receive published values unchanged", async () => {
    const { a, b } = await pair();
    const heard = deferred<unknown>();
    b.on("values", ({ value }) => heard.resolve(value));
    await subscribed(a, "values");
    const value = { z: 1, a: 2n ** 60n, bytes: new Uint8Array(20_000).fill(7), none: null };
    await a.publish("values", value);
    const arrived = await heard.promise;
    expect(arrived).toEqual(value);
    expect(Object.keys(arrived as object)).toEqual(Object.keys(value));
  });

  it("receive an event once however many patterns match, and not their own again", async () => {
    const { a, b } = await pair();
    const heard: string[] = [];
    const last = deferred();
    a.on("orders/>", (event) => heard.push(`a > ${event.topic}`));
    b.on("orders/placed", () => heard.push("b placed"));
    b.on("orders/*", () => heard.push("b *"));
    b.on("done", () => last.resolve());
    await subscribed(a, "done");
    await a.publish("orders/placed", 1);
    await a.publish("done");
    await last.promise;
    expect(heard.sort()).toEqual(["a > orders/placed", "b *", "b placed"]);
  });

  it("stop sending events without subscribers", async () => {
    const { a, b } = await pair();
    const subscription = b.on("gone/*", () => undefined);
    await subscribed(a, "gone/*");
    subscription.unsubscribe();
    await until(a, ({ subscriptions }) => !subscriptions.includes("gone/*"));
  });

  it("learn of added and removed services", async () => {
    const { a, b } = await pair();
    await b.addService(math);
    await a.waitForService("math", quick);
    expect(a.peers()[0]?.services).toEqual([
      {
        path: "math",
        name: "math-service",
        version: expect.any(String),
        description: "",
        actions: ["add", "who"],
      },
    ]);
    await b.removeService("math");
    await until(a, ({ services }) => services.length === 0);
    expect((await failure(a.request("math/add", [1, 2]))).code).toBe("ERR_RUNAR_NOT_FOUND");
    await b.addService(math);
    await a.waitForService("math", quick);
    expect(await a.request("math/add", [1, 2])).toBe(3);
  });

  it("prefer their own services", async () => {
    const { a, b } = await pair();
    await a.addService({ name: "here", path: "where", actions: { am: () => "a" } });
    await b.addService({ name: "here", path: "where", actions: { am: () => "b" } });
    await until(a, ({ services }) => services.length === 1);
    expect(await a.request("where/am")).toBe("a");
    expect(await b.request("where/am")).toBe("b");
  });

  it("disconnect when one stops, and reconnect", async () => {
    const { network, a, b } = await pair();
    const changes = a.peerChanges();
    await b.stop();
    expect((await changes.next()).value?.change).toBe("disconnected");
    expect(a.peers()).toEqual([]);
    const again = makeNode(
      { identity: b.identity },
      { network_config: { peers: [{ public_key: a.publicKey, addresses: [...a.addresses] }] } },
    );
    await again.start();
    const back: PeerChange | undefined = (await changes.next()).value;
    expect([back?.change, back?.peer.id]).toEqual(["connected", b.id]);
    expect(network.id).toBe(b.identity.networkId);
  });
});

describe("payload size", () => {
  it("is checked before payloads, results and events are sent", async () => {
    const { a, b } = await pair({}, {}, { max_payload_size: 500_000 });
    const large = "x".repeat(600_000);
    await b.addService({
      name: "big",
      path: "big",
      actions: { take: (text: string) => text.length, give: () => large },
    });
    b.on("big", () => undefined);
    await a.waitForService("big", quick);
    await subscribed(a, "big");
    const payload = await failure(a.request("big/take", large));
    expect([payload.code, payload.message]).toEqual([
      "ERR_RUNAR_TOO_LARGE",
      expect.stringMatching(
        /^big\/take: the payload: is too large: 600005 bytes, where 500000 may go/,
      ),
    ]);
    expect((await failure(a.request("big/give"))).code).toBe("ERR_RUNAR_TOO_LARGE");
    expect((await failure(a.publish("big", large))).code).toBe("ERR_RUNAR_TOO_LARGE");
    expect(await a.request("big/take", "still here")).toBe(10);
  });

  it("is limited to 64 MiB by default, with no byte lost", async () => {
    const { a, b } = await pair();
    await b.addService({
      name: "big",
      path: "big",
      actions: { echo: (bytes: Uint8Array) => bytes, small: () => "small" },
    });
    await a.waitForService("big", quick);
    const large = new Uint8Array(32 << 20);
    for (let index = 0; index < large.length; index += 4099) large[index] = index;
    const echo = a.request<Uint8Array>("big/echo", large);
    let smaller = 0;
    let isOver = false;
    const ended = echo.finally(() => {
      isOver = true;
    });
    // A large call does not delay others.
    while (!isOver) {
      await a.request("big/small");
      smaller++;
    }
    expect(Buffer.compare(await ended, large)).toBe(0);
    expect(smaller).toBeGreaterThan(10);
  });
});

describe("three nodes", () => {
  it("share the calls of a path and continue when one is gone", async () => {
    const network = Network.create();
    const [caller, first, second] = [nodeOf(network), nodeOf(network), nodeOf(network)];
    await Promise.all([caller, first, second].map((node) => node.start()));
    const named = (name: string) => ({ name: "who", path: "who", actions: { am: () => name } });
    await first.addService(named("first"));
    await second.addService(named("second"));
    for (const node of [first, second]) await caller.connect(addressOf(node), quick);
    await until(caller, () => caller.peers().every((peer) => peer.services.length === 1));
    const names: unknown[] = [];
    for (let index = 0; index < 10; index++) names.push(await caller.request("who/am"));
    expect(names.filter((name) => name === "first")).toHaveLength(5);
    expect(names.filter((name) => name === "second")).toHaveLength(5);
    const changes = caller.peerChanges();
    await first.stop();
    await changes.next();
    expect(await caller.request("who/am")).toBe("second");
    expect(await caller.request("who/am")).toBe("second");
  });
});

describe("discovery", () => {
  it("dials the addresses of the config until the peer is there", async () => {
    const network = Network.create();
    const late = nodeOf(network);
    await late.start();
    const [address = ""] = late.addresses;
    await late.stop();
    const peers = [{ public_key: late.publicKey, addresses: ["127.0.0.1:1", address] }];
    const early = nodeOf(network, {}, { peers, peer_timeout_ms: 500 });
    await early.start();
    const again = makeNode(
      { identity: late.identity },
      { network_config: { transport_options: { bind_address: address } } },
    );
    await again.start();
    expect((await early.waitForPeer(late.id, quick)).addresses).toEqual([address]);
  });

  it("finds peers by multicast", async () => {
    const network = Network.create();
    const group = `239.255.${1 + (process.pid % 250)}.77:45679`;
    const discovery = {
      discovery_providers: [{ multicast: { multicast_group: group, announce_interval_ms: 100 } }],
    };
    const a = nodeOf(network, {}, discovery);
    const b = nodeOf(network, {}, discovery);
    await Promise.all([a.start(), b.start()]);
    expect((await a.waitForPeer(undefined, quick)).id).toBe(b.id);
    expect((await b.waitForPeer(a.id, quick)).id).toBe(a.id);
  });

  it("connects once when both dial at the same time", async () => {
    const network = Network.create();
    const [a, b] = [nodeOf(network), nodeOf(network)];
    await Promise.all([a.start(), b.start()]);
    await b.addService(math);
    await Promise.all([a.connect(addressOf(b), quick), b.connect(addressOf(a), quick)]);
    await a.waitForService("math", quick);
    expect(await a.request("math/add", [1, 1])).toBe(2);
    expect([a.peers().length, b.peers().length]).toEqual([1, 1]);
  });

  it("ends on a disconnect", async () => {
    const { a, b } = await pair();
    const changes = b.peerChanges();
    a.disconnect(b.id ?? "");
    expect((await changes.next()).value?.change).toBe("disconnected");
  });
});

describe("waiting", () => {
  it("for an absent peer or service ends at its deadline", async () => {
    const a = nodeOf(Network.create());
    await a.start();
    const peer = await failure(a.waitForPeer("nobody", { timeoutMs: 20 }));
    expect([peer.code, peer.message]).toEqual([
      "ERR_RUNAR_TIMEOUT",
      "the peer nobody: not connected within 20 ms",
    ]);
    const service = await failure(a.waitForService("math", { timeoutMs: 20 }));
    expect(service.message).toBe("the service math: offered by nobody within 20 ms");
  });

  it("for a service of the node itself settles at once", async () => {
    const node = makeNode();
    await node.start();
    const waiting = node.waitForService("math", quick);
    await node.addService(math);
    await waiting;
  });

  it("can be aborted", async () => {
    const network = Network.create();
    const a = nodeOf(network);
    await a.start();
    const absent = { publicKey: member(network).publicKey, addresses: ["127.0.0.1:1"] };
    for (const wait of [
      (signal: AbortSignal) => a.waitForPeer("nobody", { signal }),
      (signal: AbortSignal) => a.waitForService("math", { signal }),
      (signal: AbortSignal) => a.connect(absent, { signal }),
    ]) {
      const controller = new AbortController();
      const waiting = wait(controller.signal);
      controller.abort(new Error("enough"));
      await expect(waiting).rejects.toThrow("enough");
    }
  });
});

describe("a failing connect() gives the reason", () => {
  it("the address does not answer", async () => {
    const network = Network.create();
    const a = nodeOf(network);
    await a.start();
    const { publicKey } = member(network);
    const error = await failure(
      a.connect({ publicKey, addresses: ["127.0.0.1:1"] }, { timeoutMs: 300 }),
    );
    expect([error.code, error.retryable]).toEqual(["ERR_RUNAR_PEER_UNREACHABLE", true]);
    expect(error.message).toContain("127.0.0.1:1: nobody answered");
  });

  it("another node answers", async () => {
    const network = Network.create();
    const [a, b] = [nodeOf(network), nodeOf(network)];
    await Promise.all([a.start(), b.start()]);
    const { publicKey } = member(network);
    const error = await failure(a.connect({ publicKey, addresses: b.addresses }, quick));
    expect(error.code).toBe("ERR_RUNAR_PEER_IDENTITY");
    expect(error.message).toContain(`it belongs to the node ${b.id}`);
  });

  it("the peer belongs to another authority", async () => {
    const a = nodeOf(Network.create());
    const b = nodeOf(Network.create());
    await Promise.all([a.start(), b.start()]);
    const error = await failure(a.connect(addressOf(b), quick));
    expect(error.code).toBe("ERR_RUNAR_PEER_IDENTITY");
    expect(error.message).toContain("the peer's certificate is not accepted");
    expect([a.peers(), b.peers()]).toEqual([[], []]);
  });

  it("the node has no network or is not running", async () => {
    const local = makeNode();
    const peer = { publicKey: member(Network.create()).publicKey, addresses: ["127.0.0.1:1"] };
    expect((await failure(local.connect(peer))).code).toBe("ERR_RUNAR_NOT_STARTED");
    await local.start();
    expect((await failure(local.connect(peer))).message).toContain("give it a network_config");
  });

  it("the argument is not a peer", async () => {
    const a = nodeOf(Network.create());
    await a.start();
    const { publicKey } = a;
    for (const [peer, message] of [
      [{ publicKey: "04ab", addresses: ["127.0.0.1:1"] }, "peer.publicKey: expected 130 hex"],
      [{ publicKey, addresses: [] }, "peer.addresses: expected an array of one address at least"],
      [
        { publicKey, addresses: ["nowhere"] },
        'peer.addresses: "nowhere" is no address with a port',
      ],
      [{ publicKey, addresses: ["127.0.0.1:1"] }, "the peer is this node itself"],
    ] as const) {
      const error = await failure(a.connect(peer));
      expect([error.code, error.message]).toEqual([
        "ERR_RUNAR_INVALID_ARGUMENT",
        expect.stringContaining(message),
      ]);
    }
  });
});

/** Waits until the only peer of a node has subscribed to a topic. */
function subscribed(node: Node, topic: string): Promise<void> {
  return until(node, ({ subscriptions }) => subscriptions.includes(topic));
}

async function until(node: Node, holds: (peer: PeerChange["peer"]) => boolean): Promise<void> {
  const changes = node.peerChanges();
  const [peer] = node.peers();
  if (peer !== undefined && holds(peer)) return;
  for await (const { peer } of changes) if (holds(peer)) return;
  throw new Error("the node has stopped");
}
