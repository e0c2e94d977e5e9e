/** Network interfaces, and whether multicast, by which nodes find each other, gets through. */

import { randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";
import os from "node:os";
import type { Check } from "./check.js";

/** A datagram of this machine to itself takes less than a millisecond. */
const PATIENCE_MS = 1_000;

interface Interface {
  name: string;
  address: string;
  internal: boolean;
}

function interfaces(): Interface[] {
  return Object.entries(os.networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, internal }) => ({ name, address, internal })),
  );
}

/** The addresses that this machine has. */
export function interfacesCheck(): Check {
  const all = interfaces();
  const others = all.filter(({ internal }) => !internal);
  const details = all.map(({ name, address }): [string, string] => [name, address]);
  const name = "interfaces";
  if (all.length === 0) {
    return { name, status: "failed", message: "there is none, not even for loopback", details };
  }
  if (others.length === 0) {
    const message = "there is only loopback: nodes meet within this machine";
    return { name, status: "warning", message, details };
  }
  return { name, status: "ok", message: `${others.length} beside loopback`, details };
}

/** Sends a datagram to the group on every interface, and receives it there. */
export async function multicastChecks(group: string): Promise<Check[]> {
  const name = "multicast";
  // By the address: what the first Node 18 calls the family is a number.
  const found = interfaces().filter(({ address }) => isIPv4(address));
  const results = await Promise.all(
    found.map(async (one) => ({ ...one, problem: await multicastProblem(group, one.address) })),
  );
  const details = results.map(({ name, address, problem }): [string, string] => [
    `${name} ${address}`,
    problem ?? "sent and received",
  ]);
  const works = results.filter(({ problem }) => problem === undefined);
  if (works.length > 0) {
    const where = [...new Set(works.map(({ name }) => name))].join(", ");
    return [{ name, status: "ok", message: `${group} works on ${where}`, details }];
  }
  const message = `${group} does not get through: give peers their addresses (--peer)`;
  return [{ name, status: "warning", message, details }];
}

async function multicastProblem(group: string, address: string): Promise<string | undefined> {
  const sent = randomUUID();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  let socket: Socket | undefined;
  try {
    // Bun has datagrams since 1.1.
    socket = createSocket({ type: "udp4", reuseAddr: true });
    socket.bind(0);
    await once(socket, "listening", { signal: patience.signal });
    socket.addMembership(group, address);
    socket.setMulticastInterface(address);
    socket.setMulticastLoopback(true);
    const open = socket;
    const received = new Promise<void>((resolve, reject) => {
      open.on("message", (message) => {
        if (message.toString() === sent) resolve();
      });
      open.once("error", reject);
      patience.signal.addEventListener("abort", () =>
        reject(new Error(`sent, but not received within ${PATIENCE_MS} ms`)),
      );
    });
    socket.send(sent, socket.address().port, group, (error) => {
      if (error) open.emit("error", error);
    });
    await received;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
    socket?.close();
  }
}
