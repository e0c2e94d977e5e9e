/** Arguments and options in the form in which commands use them. */

import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { InvalidArgumentError } from "commander";
import { CliError } from "./exits.js";

/** A peer and where it listens. */
export interface PeerAddress {
  publicKey: string;
  addresses: string[];
}

const PUBLIC_KEY = /^(?:[0-9a-f]{66}|[0-9a-f]{130})$/i;
const ADDRESS = /^(?:\[[0-9a-f:.]+\]|[^\s:[\]]+):(?<port>\d{1,5})$/i;

/** Checks `host:port`. */
export function parseAddress(text: string): string {
  const port = ADDRESS.exec(text)?.groups?.port;
  if (port === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError(`Expected host:port, such as 127.0.0.1:7000.`);
  }
  return text;
}

/** Adds `publicKey@host:port`, with further addresses after commas, to those given before. */
export function collectPeers(text: string, before: readonly PeerAddress[] = []): PeerAddress[] {
  const at = text.indexOf("@");
  const publicKey = text.slice(0, Math.max(0, at));
  if (!PUBLIC_KEY.test(publicKey)) {
    throw new InvalidArgumentError(
      "Expected publicKey@host:port; the public key is 66 or 130 hexadecimal digits, as `node run` and `keys show` print it.",
    );
  }
  const addresses = text
    .slice(at + 1)
    .split(",")
    .map(parseAddress);
  return [...before, { publicKey: publicKey.toLowerCase(), addresses }];
}

/** Checks the address of a multicast group. */
export function parseGroup(text: string): string {
  const first = Number(text.split(".")[0]);
  if (!isIPv4(text) || first < 224 || first > 239) {
    throw new InvalidArgumentError("Expected an IPv4 multicast address, such as 239.255.42.98.");
  }
  return text;
}

/** A whole number of milliseconds above zero. */
export function parseMilliseconds(text: string): number {
  return parseCount(text, "Expected a whole number of milliseconds above 0.");
}

/** A whole number above zero. */
export function parseCount(text: string, expected = "Expected a whole number above 0."): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number <= 0) throw new InvalidArgumentError(expected);
  return number;
}

/** A payload: JSON, or `-` for JSON on the standard input; nothing at all is no payload. */
export function parsePayload(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  const json = text === "-" ? readFileSync(0, "utf8") : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      "usage",
      `The payload is no JSON: ${why}`,
      `A string needs its quotes: runar-ts call greeter/greet '"Ada"'`,
    );
  }
}

/** A file of JSON. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError("usage", `${file} cannot be read: ${why}`);
  }
}
