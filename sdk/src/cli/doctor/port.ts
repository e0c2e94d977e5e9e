/** Whether a node could have the port that it is to listen on. */

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Check } from "./check.js";

/** Binds the address, as QUIC does: over UDP. */
export async function portCheck(address: string): Promise<Check> {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
  const name = "port";
  let socket: Socket | undefined;
  try {
    socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const listening = once(socket, "listening");
    socket.bind({ address: host, port: Number(address.slice(colon + 1)), exclusive: true });
    await listening;
    const { port } = socket.address();
    const message = address.endsWith(":0")
      ? `${host} has free ports, such as ${port}`
      : `${address} is free`;
    return { name, status: "ok", message, details: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && "code" in error && error.code === "ERR_NOT_IMPLEMENTED") {
      // The first Buns have no datagrams; the node itself opens its port in Rust.
      return { name, status: "warning", message: "this runtime cannot try it", details: [] };
    }
    return { name, status: "failed", message: `${address} cannot be had: ${why}`, details: [] };
  } finally {
    socket?.close();
  }
}
