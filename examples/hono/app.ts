import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Node, RunarError } from "runar-ts";
import type { orders } from "./orders.js";

/** What a client of HTTP is told; anything else is 500. */
const STATUS: Partial<Record<RunarError["code"], ContentfulStatusCode>> = {
  ERR_RUNAR_INVALID_ARGUMENT: 400,
  ERR_RUNAR_NOT_FOUND: 404,
  ERR_RUNAR_OVERLOAD: 503,
  ERR_RUNAR_STOPPED: 503,
  ERR_RUNAR_TIMEOUT: 504,
};

/** The routes; the work is done by services, of this node or of another. */
export function makeApp(node: Node): Hono {
  const client = node.client<typeof orders>("orders");
  const app = new Hono();
  app.post("/orders", async (c) => c.json(await client.place(await c.req.json()), 201));
  // A client that hangs up ends the call: the signal of its request fires.
  app.get("/print", async (c) => c.json(await client.print.with({ signal: c.req.raw.signal })()));
  app.onError((error, c) => {
    if (!(error instanceof RunarError)) throw error;
    const { code, message }: RunarError = error;
    return c.json({ code, message }, STATUS[code] ?? 500);
  });
  return app;
}
