import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Identity, Network, Node } from "runar-ts";
import type { Primes } from "./primes.js";
import type { Hello, Settings } from "./settings.js";

const MODULE = new URL("./worker.js", import.meta.url);

/** Starts worker threads, and a node on this one that is connected to theirs. */
export async function startPool(size: number) {
  const network = Network.create();
  const enrolled = () => {
    const identity = Identity.create();
    network.enrol(identity);
    return identity;
  };
  const node = new Node({ network_config: {} }, { identity: enrolled() });
  await node.start();

  async function startWorker(path: string) {
    const identity = enrolled();
    const workerData: Settings = { keys: identity.export(), path };
    const worker = new Worker(MODULE, { workerData });
    const [hello]: Hello[] = await once(worker, "message");
    await node.connect({ publicKey: identity.publicKey, addresses: hello?.addresses ?? [] });
    return { worker, primes: node.client<Primes>(path) };
  }

  const paths = Array.from({ length: size }, (_, index) => `primes-${index + 1}`);
  const workers = await Promise.all(paths.map(startWorker));
  return {
    node,
    primes: workers.map(({ primes }) => primes),
    /** Stops the workers' nodes, then this one; the threads end by themselves. */
    async stop(): Promise<void> {
      await Promise.all(
        workers.map(({ worker }) => {
          const ended = once(worker, "exit");
          worker.postMessage("stop");
          return ended;
        }),
      );
      await node.stop();
    },
  };
}
