import express, { type ErrorRequestHandler, type Express } from "express";
import { type Node, RunarError } from "runar-ts";
import type { orders } from "./orders.js";

/** What a client of HTTP is told; anything else is 500. */
const STATUS: Partial<Record<RunarError["code"], number>> = {
  ERR_RUNAR_INVALID_ARGUMENT: 400,
  ERR_RUNAR_NOT_FOUND: 404,
  ERR_RUNAR_OVERLOAD: 503,
  ERR_RUNAR_STOPPED: 503,
  ERR_RUNAR_TIMEOUT: 504,
};

const tellFailure: ErrorRequestHandler = (error, _request, response, next) => {
  if (!(error instanceof RunarError)) return next(error);
  const { code, message }: RunarError = error;
  response.status(STATUS[code] ?? 500).json({ code, message });
};

/** The routes; the work is done by services, of this node or of another. */
export function makeApp(node: Node): Express {
  const client = node.client<typeof orders>("orders");
  const app = express();
  app.use(express.json());
  app.post("/orders", async (request, response) => {
    response.status(201).json(await client.place(request.body));
  });
  app.get("/print", async (_request, response) => {
    // A client that hangs up ends the call: its signal fires in the handler.
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    response.json(await client.print.with({ signal: gone.signal })());
  });
  app.use(tellFailure);
  return app;
}
