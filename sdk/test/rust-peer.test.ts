/** The Rust test application by itself. */

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

describe("a Rust peer", () => {
  it("offers its services", async () => {
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

  it("ends with an error that shows no keys when its settings are invalid", async () => {
    const [identity] = members(1);
    if (identity === undefined) throw new Error("a member was asked for");
    const failure = await RustPeer.start(identity, { bind_address: "nowhere" }).catch(String);
    expect(failure).toContain("the settings are not as expected");
    expect(failure).not.toContain(Buffer.from(identity.export()).toString("base64").slice(0, 32));
  });
});
