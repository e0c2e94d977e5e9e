import { startServer } from "./server.js";

const server = await startServer(0);

async function show(path: string, order?: object): Promise<void> {
  const post = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  };
  const response = await fetch(`${server.url}${path}`, order === undefined ? {} : post);
  console.log(order === undefined ? "GET" : "POST", path, response.status, await response.text());
}

await show("/orders", { isbn: "emma", count: 2 });
await show("/orders", { isbn: "emma", count: -1 });

// A request is under way when the server is told to stop, and is answered all the same.
const started = server.node.once("printer/started");
const printing = show("/print");
await started;
const stopped = server.stop();
await server.node.publish("printer/done");
await printing;
await stopped;
console.log("stopped");
