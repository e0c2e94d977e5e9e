/** Identities of nodes, and the networks that enrol them. */

import { createError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { checkOptions, refuseType } from "../validation/validator.js";
import { checkBytes, checkKeyBytes, checkText, inspected, printed } from "./secrets.js";

/** What a certificate says; none of it is secret. */
export interface Certificate {
  /** The name of the node, as certificates write names. */
  readonly subject: string;
  /** The name of the network's authority. */
  readonly issuer: string;
  /** A node does not start before: a clock that is behind can be why. */
  readonly validFrom: Date;
  /** A node does not start with a certificate whose time is over. */
  readonly validUntil: Date;
}

/** How a grant is installed. */
export interface InstallOptions {
  /** Refuses the grant of any other network. By default the grant of any network is taken. */
  networkId?: string;
}

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

interface Facts {
  nodeId: string;
  publicKey: string;
  networkIds: string[];
  certificate: { subject: string; issuer: string; validFrom: number; validUntil: number } | null;
}

const INSTALL_OPTIONS = ["networkId"];
const GRANT_OPTIONS = ["nodeId"];
const RESTORE_OPTIONS = ["id"];

/**
 * The identity of a node: a key pair, from which the node's id is made, and, once it is enrolled, a
 * certificate and the key of its network. It holds secrets, and shows none of them: not when it is
 * printed, not as JSON, not in errors. `export()` alone gives them away, to be kept in a `KeyStore`.
 *
 * @example
 * const network = Network.create();
 * const identity = Identity.create();
 * network.enrol(identity);
 * const node = new Node({}, { identity });
 */
export class Identity {
  #keys: Uint8Array;
  #facts: Facts;

  private constructor(keys: Uint8Array) {
    this.#keys = keys;
    this.#facts = factsOf(keys);
  }

  /**
   * Makes a key pair. The identity belongs to no network until it is enrolled.
   *
   * @example
   * const identity = Identity.create();
   * console.log(identity.nodeId);
   */
  static create(): Identity {
    return new Identity(callNative(() => native.identityCreate()));
  }

  /**
   * The identity whose keys were exported, by this SDK or by a Rust program: bincode, CBOR, or CBOR in
   * base64, which may be a string.
   *
   * @throws IdentityError (`ERR_RUNAR_KEYS`) when the bytes are no node's keys, or are damaged.
   * @example
   * const saved = await store.load();
   * const identity = saved ? Identity.restore(saved) : Identity.create();
   */
  static restore(keys: Uint8Array | string): Identity {
    const given = checkKeyBytes(keys, "keys");
    return new Identity(callNative(() => native.identityRead(given)));
  }

  /** The id that peers know the node by, made from its public key; `node.id` is the same. */
  get nodeId(): string {
    return this.#facts.nodeId;
  }

  /** The public key in hexadecimal: the 65 bytes of an uncompressed point of P-256. */
  get publicKey(): string {
    return this.#facts.publicKey;
  }

  /** The network that the identity is enrolled in; `undefined` for none, or for several. */
  get networkId(): string | undefined {
    const [first, ...others] = this.#facts.networkIds;
    return others.length === 0 ? first : undefined;
  }

  /**
   * The networks whose keys the identity has. Enrolling leaves one; keys that a Rust program wrote may
   * have several, and the config's `default_network_id` then says which counts.
   */
  get networkIds(): string[] {
    return [...this.#facts.networkIds];
  }

  /** The certificate, which says until when the identity is good; `undefined` before it is enrolled. */
  get certificate(): Certificate | undefined {
    const { certificate } = this.#facts;
    if (certificate === null) return undefined;
    const { subject, issuer, validFrom, validUntil } = certificate;
    return {
      subject,
      issuer,
      validFrom: new Date(validFrom),
      validUntil: new Date(validUntil),
    };
  }

  /**
   * What to send to the authority of a network, on another machine, that is to enrol the identity, or
   * to renew its certificate. It holds no secret, but it must reach the authority unaltered.
   *
   * @example
   * identity.install(network.grant(identity.request()));
   */
  request(): Uint8Array {
    return Uint8Array.from(callNative(() => native.identityRequest(this.#keys)));
  }

  /**
   * Takes what the authority granted: from now on the identity is of that network, and of no other.
   * Export the identity again to keep it so.
   *
   * @throws IdentityError (`ERR_RUNAR_ENROLMENT`) when the grant is damaged, is meant for another
   * node, or is not of the network expected; the identity is then as it was.
   * @example
   * identity.install(grant, { networkId: "9k2…" });
   */
  install(grant: Uint8Array, options: InstallOptions = {}): void {
    checkBytes(grant, "grant");
    checkOptions(options, INSTALL_OPTIONS);
    const networkId = checkText(options.networkId, "options.networkId");
    const keys = callNative(() => native.identityInstall(this.#keys, grant, networkId));
    this.#facts = factsOf(keys);
    this.#keys = keys;
  }

  /**
   * Gets a new certificate, good for a year, from the network that the identity is of. The keys, and so
   * `nodeId`, stay. A node that was made before keeps the certificate that it was made with.
   *
   * @throws IdentityError: `ERR_RUNAR_NOT_ENROLLED`, or `ERR_RUNAR_WRONG_NETWORK` for a network that
   * the identity is not of.
   * @example
   * identity.renew(network);
   * await store.save(identity.export());
   */
  renew(network: Network): void {
    const { nodeId, networkIds } = this.#facts;
    if (networkIds.length === 0) {
      throw createError(
        "ERR_RUNAR_NOT_ENROLLED",
        `The identity of node ${nodeId} is of no network: enrol it with network.enrol(identity)`,
        { details: { nodeId } },
      );
    }
    if (!networkIds.includes(network.id)) {
      throw createError(
        "ERR_RUNAR_WRONG_NETWORK",
        `The identity is of network ${networkIds.join(", ")}, not of ${network.id}`,
        { details: { networkIds: [...networkIds], wanted: network.id } },
      );
    }
    network.enrol(this);
  }

  /**
   * The keys, secret ones included, in the form that Rust's `NodeConfig::with_key_manager_state` takes.
   * Keep them in a `KeyStore`.
   *
   * @example
   * await fileStore("node.keys").save(identity.export());
   */
  export(): Uint8Array {
    return Uint8Array.from(this.#keys);
  }

  /**
   * What is public of the identity; its keys are not in it.
   *
   * @example
   * console.log(JSON.stringify(identity));
   */
  toJSON(): Pick<Identity, "nodeId" | "publicKey" | "networkIds" | "certificate"> {
    const { nodeId, publicKey, networkIds, certificate } = this;
    return { nodeId, publicKey, networkIds, certificate };
  }

  /**
   * Printed, an identity shows what is public of it.
   *
   * @internal
   */
  [inspected](
    _depth: number,
    options: object,
    inspect?: (value: object, options: object) => string,
  ): string {
    return printed("Identity", this.toJSON(), options, inspect);
  }
}

function factsOf(keys: Uint8Array): Facts {
  return JSON.parse(callNative(() => native.identityFacts(keys))) as Facts;
}

/**
 * The authority of a network: its holder decides which nodes are members. Its keys make any node
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
    const given = checkKeyBytes(keys, "keys");
    checkOptions(options, RESTORE_OPTIONS);
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
    if (!(identity instanceof Identity)) refuseType(identity, "an Identity", "identity");
    identity.install(this.grant(identity.request()));
  }

  /**
   * Grants the request of an identity on another machine: returns what its `install` takes. The secret
   * in it can be read by that node alone. Name the node whose request it must be, unless the
   * request came from a trusted source.
   *
   * @throws IdentityError (`ERR_RUNAR_ENROLMENT`) when the request is damaged, was changed after its
   * node had signed it, or is of another node than expected.
   * @example
   * const grant = network.grant(request, { nodeId: "h4m…" });
   */
  grant(request: Uint8Array, options: GrantOptions = {}): Uint8Array {
    checkBytes(request, "request");
    checkOptions(options, GRANT_OPTIONS);
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
