import { once } from "node:events";
import { createServer } from "node:http";
import { Node, type NodeOptions } from "runar-ts";
import { makeApp } from "./app.js";
import { orders } from "./orders.js";

/** Starts a node and, once that runs, a web server in front of it. */
export async function startServer(port: number, options: NodeOptions = {}) {
  const node = new Node({ node_id: "web" }, options);
  node.addService(orders);
  await node.start();
  const server = createServer(makeApp(node));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();

  /** No new connections; requests that are under way are answered; then the node stops. */
  async function stop(): Promise<void> {
    const closed = once(server, "close");
    server.keepAliveTimeout = 1; // of connections whose last request is still to be answered
    server.close();
    server.closeIdleConnections();
    await closed;
    await node.stop({ drainMs: 10_000 });
  }

  const at = typeof address === "object" ? address?.port : port;
  return { node, url: `http://127.0.0.1:${at}`, stop };
}
