// The node of a case that runs in every lane. In the lane `remote` it is called by a peer: another
// node of the same process, so that the case sees and prints both sides.
import { Identity, Network, Node } from "runar-ts";
import { lane } from "./kit.mjs";

/** A case is about calls, and not about the limits of the network. */
const network_config = { send_error_stacks: true, max_calls_per_peer: 100_000 };
const network = lane === "remote" ? Network.create() : undefined;

function enrolled() {
  const identity = Identity.create();
  network.enrol(identity);
  return identity;
}

class LocalNode extends Node {
  constructor(config = {}, options = {}) {
    super(config, { ...options, localCalls: lane });
  }
}

/** A node whose `request` and `client` are those of a peer, which comes and goes with it. */
class CalledNode extends Node {
  #publicKey;
  #caller;

  constructor(config = {}, options = {}) {
    const identity = enrolled();
    const networked = { network_config, ...config };
    super(networked, { ...options, identity });
    this.#publicKey = identity.publicKey;
    const { requestTimeoutMs } = options;
    this.#caller = new Node(networked, { requestTimeoutMs, identity: enrolled() });
  }

  get #running() {
    return this.state === "running" && this.#caller.state === "running";
  }

  async start() {
    await super.start();
    await this.#caller.start();
    const here = { publicKey: this.#publicKey, addresses: this.addresses };
    await this.#caller.connect(here, { timeoutMs: 20_000 });
  }

  addService(service) {
    const added = super.addService(service);
    return this.#running ? this.#once(added, service.path, true) : added;
  }

  removeService(path) {
    const removed = super.removeService(path);
    return this.#running ? this.#once(removed, path, false) : removed;
  }

  /** The caller, too, has heard what became of a service. */
  async #once(changed, path, offered) {
    const changes = this.#caller.peerChanges();
    const isSo = ({ services }) => services.some((one) => one.path === path) === offered;
    await changed;
    if (this.#caller.peers().every(isSo)) return;
    for await (const { peer } of changes) if (isSo(peer)) return;
  }

  request(...call) {
    return this.#caller.request(...call);
  }

  client(path) {
    return this.#caller.client(path);
  }

  async stop(options) {
    try {
      await super.stop(options);
    } finally {
      await this.#caller.stop(options);
    }
  }
}

/** Made as a `Node` is; how the case's calls reach it, the lane of the run decides. */
export const LaneNode = lane === "remote" ? CalledNode : LocalNode;
