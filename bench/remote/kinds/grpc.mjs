// A server and a client of gRPC; events go through one stream of the client's.
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { add, greet } from "../calculator.mjs";

const definition = loadSync(fileURLToPath(new URL("calculator.proto", import.meta.url)));
const { Calculator } = grpc.loadPackageDefinition(definition);

export async function serve(_settings, hear) {
  const server = new grpc.Server();
  server.addService(Calculator.service, {
    add: ({ request }, answer) => answer(null, { value: add(request) }),
    greet: ({ request }, answer) => answer(null, { value: greet(request) }),
    publish(events, answer) {
      events.on("data", hear);
      events.on("end", () => answer(null, {}));
    },
  });
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure());
  return { address: `127.0.0.1:${port}`, close: promisify(server.tryShutdown.bind(server)) };
}

export async function connect({ address }) {
  const client = new Calculator(address, grpc.credentials.createInsecure());
  const methods = {
    "calculator/add": promisify(client.add.bind(client)),
    "calculator/greet": promisify(client.greet.bind(client)),
  };
  const ended = Promise.withResolvers();
  const events = client.publish((error) => (error ? ended.reject(error) : ended.resolve()));
  return {
    call: async (path, payload) => (await methods[path](payload)).value,
    async publish(_topic, value) {
      if (!events.write({ value })) await once(events, "drain");
    },
    async close() {
      events.end();
      await ended.promise;
      client.close();
    },
  };
}
