// A process that calls, or is called. It takes its orders as the peer in Rust (crates/test-peer)
// does: the first line of its input is its settings, each further line a command. Argument: its kind,
// a file of `kinds`.
import { createInterface } from "node:readline";

const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

let heard = 0;
const listeners = new Set();
function hear() {
  heard++;
  for (const listener of listeners) listener();
}

const { serve, connect } = await import(`./kinds/${process.argv[2]}.mjs`);
const settings = JSON.parse((await lines.next()).value);
const { address, call, publish, close } = await (settings.services
  ? serve(settings, hear)
  : connect(settings));
tell({ event: "started", address });

/** Calls in turn; adds the milliseconds of each. */
async function callInTurn(path, payload, count, milliseconds) {
  for (let done = 0; done < count; done++) {
    const began = performance.now();
    await call(path, payload);
    milliseconds.push(performance.now() - began);
  }
}

const commands = {
  call: ({ path, payload }) => call(path, payload),
  async repeat({ path, payload, count, in_flight }) {
    const each = Math.ceil(count / in_flight);
    const milliseconds = [];
    const began = performance.now();
    await Promise.all(
      Array.from({ length: in_flight }, () => callInTurn(path, payload, each, milliseconds)),
    );
    return { seconds: (performance.now() - began) / 1000, milliseconds };
  },
  async publish_many({ topic, count }) {
    for (let number = 0; number < count; number++) await publish(topic, number);
  },
  counted: ({ total }) =>
    new Promise((resolve) => {
      const look = () => {
        if (heard < total) return;
        listeners.delete(look);
        resolve(heard);
      };
      listeners.add(look);
      look();
    }),
};

async function obey({ id, command, ...rest }) {
  try {
    tell({ event: "answer", id, value: await commands[command](rest) });
  } catch (error) {
    tell({ event: "failed", id, message: `${error.name}: ${error.message}` });
  }
}

for await (const line of lines) {
  const command = JSON.parse(line);
  if (command.command === "stop") break;
  void obey(command);
}
await close();
// An input that is open keeps the process alive.
process.stdin.destroy();
