/** Network faults, with real processes and sockets. */

import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Network, type Node, type PeerChange, RunarError } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { nodeOf } from "./members.js";
import { killPeers, sdk, startPeer } from "./peer-process.js";
import { failure, stopNodes } from "./support.js";

afterEach(async () => {
  killPeers();
  await stopNodes();
});

const quick = { timeoutMs: 15_000 };

/** Waits for a change of a peer. Leaving a for-await loop would end the iterator. */
async function until(
  changes: ReturnType<Node["peerChanges"]>,
  change: PeerChange["change"],
  { id }: { id: string },
): Promise<void> {
  for (let told = await changes.next(); !told.done; told = await changes.next()) {
    if (told.value.change === change && told.value.peer.id === id) return;
  }
  throw new Error(`the changes ended before a peer was ${change}`);
}

describe("a peer that", () => {
  it("is killed is lost within its timeout, fails its calls, and reconnects after a restart", async () => {
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    const never = failure(node.request("far/never", undefined, { timeoutMs: 20_000 }));
    expect(await node.request("far/twice", [4])).toBe(8);
    const changes = node.peerChanges();
    const killed = performance.now();
    peer.child.kill("SIGKILL");
    expect((await changes.next()).value?.change).toBe("disconnected");
    expect(performance.now() - killed).toBeLessThan(7_000);
    expect((await never).code).toBe("ERR_RUNAR_PEER_LOST");
    expect((await failure(node.request("far/twice", [4]))).code).toBe("ERR_RUNAR_NOT_FOUND");

    const [bind = ""] = peer.addresses;
    await startPeer(network, { keys: peer.keys, bind });
    expect((await changes.next()).value?.change).toBe("connected");
    expect(await node.request("far/twice", [5])).toBe(10);
  }, 40_000);

  it("is restarted within its timeout answers at once", async () => {
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    peer.child.kill("SIGKILL");
    await once(peer.child, "exit");
    const peers = [{ public_key: node.publicKey, addresses: node.addresses }];
    const again = await startPeer(network, { keys: peer.keys, config: { peers } });
    const changes = node.peerChanges();
    while ((await node.request("far/pid").catch(() => undefined)) !== again.child.pid) {
      await changes.next();
    }
    expect(node.peers().map(({ id }) => id)).toEqual([peer.id]);
  }, 40_000);

  it("is frozen is lost, and reconnects when it resumes", async () => {
    const network = Network.create();
    const node = nodeOf(network, {}, { peer_timeout_ms: 1_000 });
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    const changes = node.peerChanges();
    peer.child.kill("SIGSTOP");
    expect((await changes.next()).value?.change).toBe("disconnected");
    peer.child.kill("SIGCONT");
    expect((await changes.next()).value?.change).toBe("connected");
    expect(await node.request("far/twice", [5])).toBe(10);
  }, 40_000);

  it("is frozen for ten seconds fails no call that another peer can answer", async () => {
    const FROZEN_MS = 10_000;
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const [frozen, other] = await Promise.all([startPeer(network), startPeer(network)]);
    await node.connect(frozen, quick);
    await node.waitForService("far", quick);
    const under = Array.from({ length: 10 }, () =>
      failure(node.request("far/never", undefined, { timeoutMs: 30_000 })),
    );
    await node.request("far/twice", [0]);
    await node.connect(other, quick);
    const changes = node.peerChanges();
    const over = setTimeout(FROZEN_MS);
    frozen.child.kill("SIGSTOP");
    await until(changes, "disconnected", frozen);
    for (const error of await Promise.all(under)) {
      expect(error).toMatchObject({ code: "ERR_RUNAR_PEER_LOST", details: { mayHaveRun: true } });
    }
    // Calls of a lost peer are no longer counted.
    for (let call = 0; call < 100; call++) {
      expect(await node.request("far/pid")).toBe(other.child.pid);
    }
    await over;
    frozen.child.kill("SIGCONT");
    await until(changes, "connected", frozen);
    other.child.kill("SIGKILL");
    await until(changes, "disconnected", other);
    expect(await node.request("far/pid")).toBe(frozen.child.pid);
    expect(await node.request("far/ended")).toBe(10);
  }, 60_000);

  it("stops during calls fails them at once", async () => {
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    const never = failure(node.request("far/never"));
    expect(await node.request("far/twice", [1])).toBe(2);
    peer.child.stdin?.end();
    expect(["ERR_RUNAR_STOPPED", "ERR_RUNAR_PEER_LOST"]).toContain((await never).code);
    const [code] = await once(peer.child, "exit");
    expect(code).toBe(0);
  }, 40_000);

  it("never answers does not delay others, and its calls time out", async () => {
    const network = Network.create();
    const node = nodeOf(network, {}, { request_timeout_ms: 300 });
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    const never = Array.from({ length: 50 }, () => failure(node.request("far/never")));
    expect(await node.request("far/twice", [1])).toBe(2);
    for (const error of await Promise.all(never)) expect(error.code).toBe("ERR_RUNAR_TIMEOUT");
  }, 40_000);
});

describe("a port", () => {
  it("that is in use is named", async () => {
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const [address = ""] = node.addresses;
    const other = nodeOf(network, {}, { transport_options: { bind_address: address } });
    const error = await failure(other.start());
    expect([error.code, error.message]).toEqual([
      "ERR_RUNAR_LISTEN",
      expect.stringContaining(`The node cannot listen on ${address}: Address already in use`),
    ]);
    await node.stop();
    await other.start();
    expect(other.addresses).toEqual([address]);
  });

  it("that receives garbage stays usable", async () => {
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    const [address = ""] = node.addresses;
    const socket = createSocket("udp4");
    const garbage = Buffer.alloc(1200);
    for (let index = 0; index < 5_000; index++) {
      // The first byte imitates each QUIC packet type in turn.
      for (let at = 0; at < 64; at++) garbage[at] = (index * 31 + at * 7) & 0xff;
      await new Promise((sent) =>
        socket.send(
          garbage,
          0,
          1 + (index % 1200),
          Number(address.split(":")[1]),
          "127.0.0.1",
          sent,
        ),
      );
      if (index % 500 === 0) expect(await node.request("far/twice", [index])).toBe(2 * index);
    }
    socket.close();
    expect(node.peers()).toHaveLength(1);
  }, 40_000);
});

const WITHOUT_NETWORK = ["-rn", process.execPath, "--input-type=module", "--eval"];
const canUnshare = spawnSync("unshare", ["-rn", "true"]).status === 0;

// Runs where the system allows a network namespace without an interface that is up.
it.skipIf(!canUnshare)(
  "a node starts on a machine without a network, and multicast names the reason",
  () => {
    const program = `
    import { Node } from "runar-ts";
    for (const discovery_providers of [[], [{ multicast: {} }]]) {
      const node = new Node({ network_config: { discovery_providers } }, { logger: () => {} });
      await node.start().then(() => console.log("started"), (error) => console.log(error.message));
      await node.stop();
    }`;
    const { stdout, status } = spawnSync("unshare", [...WITHOUT_NETWORK, program], {
      cwd: sdk,
      encoding: "utf8",
    });
    expect(stdout).toBe(
      "started\nmulticast discovery cannot use the group 239.255.42.98:45678: no network interface has IPv4\n",
    );
    expect(status).toBe(0);
  },
);

it("a node limits its number of peers", async () => {
  const network = Network.create();
  const node = nodeOf(network, {}, { max_connections: 2 });
  await node.start();
  const others = [nodeOf(network), nodeOf(network), nodeOf(network)];
  const to = { publicKey: node.publicKey, addresses: node.addresses };
  const outcomes: string[] = [];
  for (const other of others) {
    await other.start();
    outcomes.push(
      await other.connect(to, { timeoutMs: 1_000 }).then(
        // The node counts a peer once it has seen the proof of it.
        () => node.waitForPeer(other.id, { timeoutMs: 5_000 }).then(() => "connected"),
        (error) => error.code,
      ),
    );
  }
  expect(outcomes).toEqual(["connected", "connected", "ERR_RUNAR_PEER_UNREACHABLE"]);
});

describe("many calls in flight", () => {
  it("all end when their peer is killed, and say whether they may have run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "runar-ts-faults-"));
    const file = join(folder, "ran");
    const network = Network.create();
    const node = nodeOf(network);
    await node.start();
    const peer = await startPeer(network);
    await node.connect(peer, quick);
    await node.waitForService("far", quick);
    let answered = 0;
    const calls = Array.from({ length: 1_000 }, async (_, number) => {
      try {
        await node.request("far/noted", [number, file], { timeoutMs: 20_000 });
      } catch (error) {
        return [{ number, error }];
      }
      answered++;
      if (answered === 300) peer.child.kill("SIGKILL");
      return [];
    });
    const failures = (await Promise.all(calls)).flat();
    expect(answered + failures.length).toBe(1_000);
    const ran = new Set(readFileSync(file, "utf8").split("\n").map(Number));
    for (const { number, error } of failures) {
      expect(error).toMatchObject({ code: "ERR_RUNAR_PEER_LOST", retryable: true });
      const { mayHaveRun } = (error as RunarError).details as { mayHaveRun: boolean };
      if (!mayHaveRun) expect(ran.has(number), `${number}`).toBe(false);
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["is killed", "SIGKILL"],
    ["stops", undefined],
  ] as const)(
    "all succeed while one of three nodes %s and comes back, when the caller retries",
    async (_, signal) => {
      const network = Network.create();
      const node = nodeOf(network);
      await node.start();
      const peers = await Promise.all([startPeer(network), startPeer(network), startPeer(network)]);
      const [first] = peers;
      for (const peer of peers) await node.connect(peer, quick);
      await node.waitForService("far", quick);
      let isOver = false;
      let calls = 0;
      const caller = async () => {
        while (!isOver) {
          const number = calls++;
          for (let tries = 0; ; tries++) {
            try {
              expect(await node.request("far/twice", number)).toBe(2 * number);
              break;
            } catch (error) {
              if (!(error instanceof RunarError && error.retryable) || tries === 3) throw error;
            }
          }
        }
      };
      const callers = Promise.all(Array.from({ length: 8 }, caller));
      const changes = node.peerChanges();
      if (signal === undefined) first.child.stdin?.end();
      else first.child.kill(signal);
      await until(changes, "disconnected", first);
      const before = calls;
      const [bind = ""] = first.addresses;
      await startPeer(network, { keys: first.keys, bind });
      await until(changes, "connected", first);
      isOver = true;
      await callers;
      expect(calls).toBeGreaterThan(before);
    },
    120_000,
  );
});
