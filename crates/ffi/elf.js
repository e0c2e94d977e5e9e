// As much of a Linux binary of 64 bits as the loader must know before it lets the system load one.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const HEADER = 64;
const INTERPRETER = 3;
const MACHINES = { 62: "x64", 183: "arm64" };

/** Calls the body with a function that reads `length` bytes at a position, and the file's size. */
function reading(path, body) {
  const file = openSync(path, "r");
  try {
    const read = (length, position) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, position));
    };
    return body(read, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

const isElf = (header) =>
  header.length === HEADER && header.toString("latin1", 0, 4) === "\x7fELF" && header[4] === 2;

/** The dynamic linker that a program asks for: `undefined` when it asks for none. */
export function interpreterOf(path) {
  return reading(path, (read) => {
    const header = read(HEADER, 0);
    if (!isElf(header)) return undefined;
    const size = header.readUInt16LE(54);
    const table = read(size * header.readUInt16LE(56), Number(header.readBigUInt64LE(32)));
    for (let at = 0; at + size <= table.length; at += size) {
      if (table.readUInt32LE(at) !== INTERPRETER) continue;
      const length = Number(table.readBigUInt64LE(at + 32));
      return read(length, Number(table.readBigUInt64LE(at + 8))).toString("utf8");
    }
    return undefined;
  });
}

/**
 * Refuses what the system would not refuse in words: a library that is cut off ends the process with a
 * signal, and one for another processor is said not to exist.
 */
export function checkLibrary(path) {
  reading(path, (read, size) => {
    const header = read(HEADER, 0);
    if (!isElf(header)) return;
    const machine = header.readUInt16LE(18);
    const arch = MACHINES[machine] ?? `machine ${machine}`;
    if (arch !== process.arch) {
      throw new Error(`it is made for ${arch}, and this process is ${process.arch}`);
    }
    // The table of sections is the last thing in the file.
    const end =
      Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
    if (end > size) throw new Error(`it is damaged: ${size} of at least ${end} bytes are there`);
  });
}
