/** The Rust application that nodes of the SDK are tested with, on its own. */

import { Identity, Network } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { killRustPeers, RustPeer } from "./rust-peer.js";

afterEach(killRustPeers);

function members(count: number): Identity[] {
  const network = Network.create();
  return Array.from({ length: count }, () => {
    const identity = Identity.create();
    network.enrol(identity);
    return identity;
  });
}

/** Two peers, the second of which knows the address of the first; both have heard of each other. */
async function pair(listen: string[] = []) {
  const [one, other] = members(2);
  if (one === undefined || other === undefined) throw new Error("two members were asked for");
  const first = await RustPeer.start(one, { listen });
  const second = await RustPeer.start(other, { peers: [first.entry], listen });
  await first.process.next({ event: "peer", change: "discovered", id: second.id });
  await second.process.next({ event: "peer", change: "discovered", id: first.id });
  return { first, second };
}

describe("a Rust peer", () => {
  it("offers its services by itself", async () => {
    const [identity] = members(1);
    if (identity === undefined) throw new Error("a member was asked for");
    const peer = await RustPeer.start(identity);
    expect(peer.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await peer.call("calculator/add", { a: 2, b: 0.5 })).toBe(2.5);
    expect(await peer.call("calculator/count", { from: 5, count: 3 })).toEqual([5, 6, 7]);
    expect(await peer.call("calculator/greet", { name: "Ada" })).toBe("Hello, Ada!");
    expect(await peer.call("calculator/greet", { name: "Ada", title: "Lady" })).toBe(
      "Hello, Lady Ada!",
    );
    const order = { isbn: "moby-dick", count: 2, price: 12.5 };
    expect(await peer.call("calculator/total", { orders: [order, order] })).toBe(50);
    expect(await peer.call("calculator/discounted", { order, discount: 0.5 })).toMatchObject({
      isbn: "moby-dick",
      discount: 0.5,
    });
    await expect(peer.call("trouble/fail", { message: "no paper" })).rejects.toThrow("no paper");
    expect(
      await peer.call("relay/call", { path: "calculator/add", payload: '{"a":1,"b":2}' }),
    ).toBe("3.0");
    await peer.stop();
    expect(await peer.process.ended).toMatchObject({ code: 0, signal: null });
  });

  it("calls another one, and is called by it", async () => {
    const { first, second } = await pair();
    expect(await second.peers()).toEqual([first.id]);
    expect(await second.call("greetings/send", { text: "hello" })).toBe("hello");
    expect(await first.call("calculator/add", { a: 1, b: 1 })).toBe(2);
  });

  it("hears what another one publishes", async () => {
    const { first, second } = await pair(["news/weather"]);
    await first.publish("news/weather", { sun: true });
    expect(await second.process.next({ event: "heard", topic: "news/weather" })).toMatchObject({
      value: { sun: true },
    });
    await second.publish("greetings/received", "hello");
    expect(await first.process.next({ event: "greeted" })).toMatchObject({ text: "hello" });
  });

  it("tells of a peer that stops", async () => {
    const { first, second } = await pair();
    await second.stop();
    await first.process.next({ event: "peer", change: "removed", id: second.id });
    expect(await first.peers()).toEqual([]);
  });

  it("ends with an error that shows no keys when its settings make no sense", async () => {
    const [identity] = members(1);
    if (identity === undefined) throw new Error("a member was asked for");
    const failure = await RustPeer.start(identity, { bind_address: "nowhere" }).catch(String);
    expect(failure).toContain("the settings are not as expected");
    expect(failure).not.toContain(Buffer.from(identity.export()).toString("base64").slice(0, 32));
  });
});
