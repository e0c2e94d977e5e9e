import { type Node, RunarError } from "runar-ts";
import type { greeter } from "./greeter.js";

/** Bun's own web server in front of a node. */
export function serve(node: Node, port: number) {
  const { hello } = node.client<typeof greeter>("greeter");
  return Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request) {
      const [, action, name] = new URL(request.url).pathname.split("/");
      if (action !== "hello" || name === undefined) return new Response(null, { status: 404 });
      // The signal of the request fires when the client hangs up.
      return new Response(await hello.with({ signal: request.signal })(decodeURIComponent(name)));
    },
    error(error) {
      const code = error instanceof RunarError ? error.code : "ERROR";
      return Response.json({ code, message: error.message }, { status: 500 });
    },
  });
}
