/** The authority of a network. */

import { createError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { checkKeys as checkKnown, checkObject, kindOf } from "../validation/options.js";
import { Identity } from "./identity.js";
import { checkBytes, checkKeys, checkText, inspected, printed } from "./secrets.js";

/** How a request is granted. */
export interface GrantOptions {
  /** Refuses the request of any other node. By default the request of any node is granted. */
  nodeId?: string;
}

/** Which network of an authority is meant. */
export interface RestoreNetworkOptions {
  /** Needed only for an authority with several networks, which a Rust program may have made. */
  id?: string;
}

const GRANT_OPTIONS = ["nodeId"];
const RESTORE_OPTIONS = ["id"];

/**
 * The authority of a network: whoever holds it decides which nodes are members. Its keys make any node
 * a member; keep them apart from the nodes. It shows none of them: not when it is printed, not as JSON,
 * not in errors.
 *
 * @example
 * const network = Network.create();
 * await fileStore("network.keys", { passphrase }).save(network.export());
 */
export class Network {
  #keys: Uint8Array;
  /** The network's id, which its members' configs may name as `default_network_id`. */
  readonly id: string;

  private constructor(keys: Uint8Array, id: string | undefined) {
    this.#keys = keys;
    this.id = chooseNetwork(
      callNative(() => native.networkIds(keys)),
      id,
    );
  }

  /**
   * Makes a network: an authority, and the key that its members share.
   *
   * @example
   * const network = Network.create();
   * network.enrol(identity);
   */
  static create(): Network {
    return new Network(
      callNative(() => native.networkCreate()),
      undefined,
    );
  }

  /**
   * The network whose keys were exported, by this SDK or by a Rust program (the state of a
   * `MobileKeyManager`): bincode, CBOR, or CBOR in base64, which may be a string.
   *
   * @throws IdentityError: `ERR_RUNAR_KEYS` when the bytes are no authority's keys, or are damaged;
   * `ERR_RUNAR_WRONG_NETWORK` when it has several networks, or not the one named.
   * @example
   * const network = Network.restore(saved);
   */
  static restore(keys: Uint8Array | string, options: RestoreNetworkOptions = {}): Network {
    const given = checkKeys(keys, "keys");
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKnown(options, RESTORE_OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const id = checkText(options.id, "options.id") ?? undefined;
    return new Network(
      callNative(() => native.networkRead(given)),
      id,
    );
  }

  /**
   * Makes an identity a member, or renews the certificate of one that is. Certificates are good for a
   * year. Export both afterwards: the identity has changed, and the network counts its certificates.
   *
   * @example
   * network.enrol(identity);
   * await store.save(identity.export());
   */
  enrol(identity: Identity): void {
    if (!(identity instanceof Identity)) {
      throw createError(
        "ERR_RUNAR_INVALID_ARGUMENT",
        `identity: expected an Identity, got ${kindOf(identity)}`,
        { details: { path: "identity" } },
      );
    }
    identity.install(this.grant(identity.request()));
  }

  /**
   * Grants the request of an identity on another machine: returns what its `install` takes. The secret
   * in it can be read by that node alone. Name the node whose request it must be, unless whoever
   * brought the request is trusted.
   *
   * @throws IdentityError (`ERR_RUNAR_ENROLMENT`) when the request is damaged, was changed after its
   * node had signed it, or is of another node than expected.
   * @example
   * const grant = network.grant(request, { nodeId: "h4m…" });
   */
  grant(request: Uint8Array, options: GrantOptions = {}): Uint8Array {
    checkBytes(request, "request");
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKnown(options, GRANT_OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const nodeId = checkText(options.nodeId, "options.nodeId");
    const answer = callNative(() => native.networkGrant(this.#keys, this.id, request, nodeId));
    const length = new DataView(answer.buffer, answer.byteOffset).getUint32(0, true);
    const grant = Uint8Array.from(answer.subarray(4, 4 + length));
    this.#keys = Uint8Array.from(answer.subarray(4 + length));
    return grant;
  }

  /**
   * The keys of the authority, secret ones included, in the bincode of Rust's `MobileKeyManagerState`.
   *
   * @example
   * await fileStore("network.keys", { passphrase }).save(network.export());
   */
  export(): Uint8Array {
    return Uint8Array.from(this.#keys);
  }

  /**
   * What is public of the network; its keys are not in it.
   *
   * @example
   * console.log(JSON.stringify(network));
   */
  toJSON(): Pick<Network, "id"> {
    return { id: this.id };
  }

  /**
   * Printed, a network shows what is public of it.
   *
   * @internal
   */
  [inspected](
    _depth: number,
    options: object,
    inspect?: (value: object, options: object) => string,
  ): string {
    return printed("Network", this.toJSON(), options, inspect);
  }
}

/** The network that is named, or else the only one. */
function chooseNetwork(ids: string[], named: string | undefined): string {
  const [first, ...others] = ids;
  const chosen = named ?? (others.length === 0 ? first : undefined);
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  const which = named === undefined ? "options.id must name one of them" : `none is ${named}`;
  const message =
    ids.length === 0
      ? "The authority has no network"
      : `The authority has the networks ${ids.join(", ")}: ${which}`;
  throw createError("ERR_RUNAR_WRONG_NETWORK", message, { details: { networkIds: ids } });
}
