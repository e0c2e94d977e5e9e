/**
 * Three processes, two in TypeScript and one in Rust, that find each other, call each other in every
 * direction, hear each other's events, lose one, and get it back: `node demo.js <program of the Rust
 * member> [static]`.
 */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Identity, Network } from "runar-ts";
import { endAll, MemberProcess } from "./member-process.js";
import type { Settings } from "./settings.js";
import { happened, heading } from "./timeline.js";

const GROUP = "239.255.42.99:45679";
/** What docs/networking.md promises, and a second in which busy processes tell of it. */
const NOTICED_WITHIN_MS = 6_000;
const MEMBER = fileURLToPath(new URL("./member.js", import.meta.url));

type Name = "alice" | "bob" | "rust";
type Way = "static" | "multicast";

const [rustProgram, only] = process.argv.slice(2);
if (rustProgram === undefined) throw new Error("usage: node demo.js <Rust member> [static]");

const network = Network.create();
const identities: Record<Name, Identity> = {
  alice: enrolled("alice"),
  bob: enrolled("bob"),
  rust: enrolled("rust"),
};

function enrolled(name: Name): Identity {
  const identity = Identity.create();
  network.enrol(identity);
  happened(name, `is a member of ${network.id}`);
  return identity;
}

class Party {
  readonly #way: Way;
  readonly members = new Map<Name, MemberProcess>();
  readonly #addresses = new Map<Name, string>();

  constructor(way: Way) {
    this.#way = way;
  }

  member(name: Name): MemberProcess {
    const member = this.members.get(name);
    if (member === undefined) throw new Error(`${name} was not started`);
    return member;
  }

  async start(name: Name): Promise<void> {
    const others = [...this.#addresses].filter(([other]) => other !== name);
    const isStatic = this.#way === "static";
    const settings: Settings = {
      key_state: Buffer.from(identities[name].export()).toString("base64"),
      network_id: network.id,
      // Whoever knows the address of one that comes back finds it there.
      bind_address: (isStatic && this.#addresses.get(name)) || "127.0.0.1:0",
      peers: isStatic
        ? others.map(([other, address]) => ({
            public_key: identities[other].publicKey,
            addresses: [address],
          }))
        : [],
      ...(!isStatic && { multicast_group: GROUP }),
      announce_interval_ms: 500,
      // In full: a node of the core tells its peers of an event by the pattern that they listen to.
      listen: ["news/weather"],
    };
    const [program, args] =
      name === "rust" ? [rustProgram ?? "", []] : [process.execPath, [MEMBER, name]];
    const member = new MemberProcess(name, program, args, settings);
    this.members.set(name, member);
    const { address } = await member.next({ event: "started" });
    this.#addresses.set(name, String(address));
    happened(name, `listens on ${address}`);
  }

  /** Waits until one knows the other. The core, in Rust, names the change otherwise. */
  async met(one: Name, other: Name): Promise<void> {
    const change = one === "rust" ? "discovered" : "connected";
    await this.member(one).next({ event: "peer", change, id: identities[other].nodeId });
    happened(one, `has met ${other}`);
  }

  async call(from: Name, to: Name): Promise<void> {
    const [path, payload] =
      to === "rust"
        ? ["calculator/greet", { name: from }]
        : [`${to}/hello`, from === "rust" ? { from } : [from]];
    const began = performance.now();
    const answer =
      from === "rust"
        ? await this.callFromRust(to, path, payload)
        : await this.member(from).call(path, payload);
    const took = (performance.now() - began).toFixed(1);
    happened(`${from} → ${to}`, `${path}: ${JSON.stringify(answer)} (${took} ms)`);
  }

  /** The core has met a peer that is about to offer its services, and cannot wait for one: it is told. */
  async callFromRust(to: Name, path: string, payload: unknown): Promise<unknown> {
    const rust = this.member("rust");
    for (;;) {
      try {
        return await rust.call(path, payload);
      } catch (error) {
        if (!String(error).includes("No handler found")) throw error;
        await rust.next({ event: "peer", change: "updated", id: identities[to].nodeId });
      }
    }
  }

  async publish(from: Name): Promise<void> {
    await this.member(from).publish("news/weather", `sun, says ${from}`);
    for (const name of this.members.keys()) {
      const { value } = await this.member(name).next({ event: "heard", topic: "news/weather" });
      happened(name, `has heard ${JSON.stringify(value)}`);
    }
  }
}

const NAMES: readonly Name[] = ["alice", "bob", "rust"];

function pairs(): [Name, Name][] {
  return NAMES.flatMap((one) =>
    NAMES.filter((other) => other !== one).map((other): [Name, Name] => [one, other]),
  );
}

async function meet(way: Way): Promise<void> {
  heading(way === "static" ? "By addresses that they are given" : `By multicast, in ${GROUP}`);
  const party = new Party(way);
  for (const name of NAMES) await party.start(name);
  await Promise.all(pairs().map(([one, other]) => party.met(one, other)));
  for (const [from, to] of pairs()) await party.call(from, to);
  for (const name of NAMES) await party.publish(name);

  const killed = performance.now();
  await party.member("bob").kill();
  happened("bob", "is killed");
  await party
    .member("alice")
    .next({ event: "peer", change: "disconnected", id: identities.bob.nodeId });
  const noticed = performance.now() - killed;
  happened("alice", `has noticed after ${(noticed / 1000).toFixed(2)} s`);
  if (noticed > NOTICED_WITHIN_MS) throw new Error("alice took too long to notice");

  await party.start("bob");
  await Promise.all([
    party.met("alice", "bob"),
    party.met("bob", "alice"),
    party.met("bob", "rust"),
  ]);
  for (const [from, to] of pairs()) await party.call(from, to);
  for (const name of NAMES) {
    await party.member(name).stop();
    happened(name, "has stopped");
  }
}

/** Whether a datagram to the group comes back: it does not on a machine that has loopback alone. */
async function hasMulticast(): Promise<boolean> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  try {
    socket.bind(0);
    await once(socket, "listening");
    const [group = ""] = GROUP.split(":");
    socket.addMembership(group);
    socket.send("hello", socket.address().port, group);
    await once(socket, "message", { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

try {
  await meet("static");
  if (only === "static") heading("Multicast is left out, as asked for.");
  else if (await hasMulticast()) await meet("multicast");
  else heading("Multicast does not get through on this machine, and is left out.");
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await endAll();
}
