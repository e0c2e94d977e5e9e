// Two nodes of a network, each in TypeScript or in Rust.
import { Identity, Network } from "runar-ts";
import { MemberProcess } from "./member-process.mjs";
import { Pair, TOPIC } from "./pair.mjs";

/** Starts a member, in Rust when there is a program of it. */
async function startMember(name, network, program, settings) {
  const identity = Identity.create();
  network.enrol(identity);
  const all = {
    key_state: Buffer.from(identity.export()).toString("base64"),
    network_id: network.id,
    ...settings,
  };
  const member =
    program === undefined
      ? MemberProcess.ofKind(name, "runar", { publishes: [TOPIC], ...all })
      : new MemberProcess(name, program, [], all);
  const { address } = await member.told({ event: "started" });
  return { member, peer: { public_key: identity.publicKey, addresses: [address] } };
}

/**
 * `caller` and `callee` are programs in Rust, or undefined. A path that a node has itself is called
 * there: the one that calls has no services.
 */
export async function startRunarPair(name, { caller, callee, settings = {} }) {
  const network = Network.create();
  const serving = { services: true, peers: [], count: [TOPIC], ...settings };
  const to = await startMember(`${name}, called`, network, callee, serving);
  const calling = { services: false, peers: [to.peer], count: [], ...settings };
  const from = await startMember(`${name}, calls`, network, caller, calling);
  // The one in Rust tells once it knows what its peer offers.
  if (caller !== undefined) await from.member.told({ event: "peer", change: "discovered" });
  return new Pair(name, from.member, to.member);
}
