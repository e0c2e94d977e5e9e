/** Nodes on a slow and lossy link. */

import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Network } from "runar-ts";
import { afterEach, expect, it } from "vitest";
import { nodeOf } from "./members.js";
import { killPeers, startPeer } from "./peer-process.js";
import { stopNodes } from "./support.js";

const DELAY_MS = 100;
const LOSS = 0.05;

const after: (() => unknown)[] = [];

afterEach(async () => {
  killPeers();
  await stopNodes();
  for (const undo of after.splice(0).reverse()) undo();
});

type Started = Awaited<ReturnType<typeof startPeer>>;

/** Checks that calls and events arrive completely and in order, and that no peer is lost. */
async function expectNothingLost(node: ReturnType<typeof nodeOf>, peer: Started) {
  const patient = { timeoutMs: 30_000 };
  await node.connect(peer, patient);
  await node.waitForService("far", patient);
  const lost: string[] = [];
  const changes = node.peerChanges();
  void (async () => {
    for await (const { change } of changes) if (change === "disconnected") lost.push(change);
  })();
  const calls = Array.from({ length: 500 }, (_, number) =>
    node.request("far/twice", number, patient),
  );
  expect(await Promise.all(calls)).toEqual(calls.map((_, number) => 2 * number));
  // At this loss rate congestion control allows 80 KB per second.
  const large = new Uint8Array(256 * 1024).map((_, at) => at * 31 + (at >> 8));
  expect(await node.request("far/echo", [large], patient)).toEqual(large);
  for (let number = 0; number < 500; number++) await node.publish("numbers", number);
  let heard: number[] = [];
  while (heard.length < 500) heard = await node.request("far/heard", undefined, patient);
  expect(heard).toEqual(Array.from({ length: 500 }, (_, number) => number));
  expect(lost).toEqual([]);
}

/** Starts a lossy, delaying UDP relay to an address; returns its own address. */
async function lossyRelay(to: string) {
  const [host = "", port] = to.split(":");
  const outer = createSocket("udp4").bind(0, "127.0.0.1");
  const inner = createSocket("udp4").bind(0, "127.0.0.1");
  await Promise.all([once(outer, "listening"), once(inner, "listening")]);
  let isOpen = true;
  after.push(() => {
    isOpen = false;
    outer.close();
    inner.close();
  });
  // The same on every run.
  let seed = 1;
  const isLost = () => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed / 0x7fff_ffff < LOSS;
  };
  const later = (send: () => void) => {
    if (!isLost()) setTimeout(() => isOpen && send(), DELAY_MS / 2);
  };
  let caller = 0;
  outer.on("message", (datagram, from) => {
    caller = from.port;
    later(() => inner.send(datagram, Number(port), host));
  });
  inner.on("message", (datagram) => later(() => outer.send(datagram, caller, "127.0.0.1")));
  return `127.0.0.1:${outer.address().port}`;
}

it(`a link that loses ${LOSS * 100} % and delays by ${DELAY_MS} ms loses no call and no event`, async () => {
  const network = Network.create();
  const node = nodeOf(network);
  await node.start();
  const peer = await startPeer(network);
  const [address = ""] = peer.addresses;
  await expectNothingLost(node, { ...peer, addresses: [await lossyRelay(address)] });
}, 120_000);

const HERE = "10.211.7.1";
const THERE = "10.211.7.2";

/** A network namespace at the other end of such a link, or why this machine does not allow one. */
function lossyNamespace(): { name: string } | { refused: string } {
  const name = `runar-ts-${process.pid}`;
  const [near, far] = [`rts${process.pid}a`, `rts${process.pid}b`];
  const run = (command: string) => {
    const [program = "", ...args] = command.split(" ");
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr.trim()}`);
  };
  const within = `ip netns exec ${name}`;
  const netem = `netem delay ${DELAY_MS / 2}ms loss ${LOSS * 100}%`;
  try {
    run(`ip netns add ${name}`);
    // This removes the link too.
    after.push(() => run(`ip netns delete ${name}`));
    run(`ip link add ${near} type veth peer name ${far} netns ${name}`);
    run(`ip address add ${HERE}/30 dev ${near}`);
    run(`ip link set ${near} up`);
    run(`${within} ip address add ${THERE}/30 dev ${far}`);
    run(`${within} ip link set ${far} up`);
    run(`tc qdisc add dev ${near} root ${netem}`);
    run(`${within} tc qdisc add dev ${far} root ${netem}`);
    return { name };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

it("a lossy link between two network namespaces loses no call and no event", async (context) => {
  const made = lossyNamespace();
  if ("refused" in made) return context.skip(`no such link on this machine: ${made.refused}`);
  const network = Network.create();
  const node = nodeOf(network, {}, { transport_options: { bind_address: `${HERE}:0` } });
  await node.start();
  const within = ["ip", "netns", "exec", made.name];
  const peer = await startPeer(network, { bind: `${THERE}:0`, within });
  await expectNothingLost(node, peer);
}, 120_000);
