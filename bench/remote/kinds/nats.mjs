// Clients of NATS, which meet at its server; what they say is JSON.
import { connect as connectTo } from "@nats-io/transport-node";
import { add, greet } from "../calculator.mjs";

const subjectOf = (path) => path.replace("/", ".");
/** The client's own default is a second, which 1 MiB may take when many are at it. */
const TIMEOUT = 60_000;

function subscribe(connection, subject, take) {
  connection.subscribe(subject, {
    callback(error, message) {
      if (error) throw error;
      take(message);
    },
  });
}

export async function serve({ address, count }, hear) {
  const connection = await connectTo({ servers: address });
  for (const [path, action] of Object.entries({
    "calculator/add": add,
    "calculator/greet": greet,
  })) {
    subscribe(connection, subjectOf(path), (message) =>
      message.respond(JSON.stringify(action(message.json()))),
    );
  }
  for (const topic of count) subscribe(connection, topic, hear);
  // The server knows of the subscriptions once it has answered.
  await connection.flush();
  return { close: () => connection.drain() };
}

export async function connect({ address }) {
  const connection = await connectTo({ servers: address });
  return {
    async call(path, payload) {
      const request = JSON.stringify(payload);
      const answer = await connection.request(subjectOf(path), request, { timeout: TIMEOUT });
      return answer.json();
    },
    publish: (topic, value) => connection.publish(topic, JSON.stringify(value)),
    close: () => connection.drain(),
  };
}
