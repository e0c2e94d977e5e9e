import { closeSync, existsSync, openSync, readSync } from "node:fs";

const INTERPRETER = 3;

/** The dynamic linker that a program of 64 bits asks for: `undefined` when it asks for none. */
function interpreterOf(program) {
  const file = openSync(program, "r");
  try {
    const read = (length, position) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, position));
    };
    const header = read(64, 0);
    if (header.length < 64 || header.toString("latin1", 0, 4) !== "\x7fELF") return undefined;
    const size = header.readUInt16LE(54);
    const table = read(size * header.readUInt16LE(56), Number(header.readBigUInt64LE(32)));
    for (let at = 0; at + size <= table.length; at += size) {
      if (table.readUInt32LE(at) !== INTERPRETER) continue;
      const length = Number(table.readBigUInt64LE(at + 32));
      return read(length, Number(table.readBigUInt64LE(at + 8))).toString("utf8");
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

/**
 * The C library of this process: "glibc" or "musl". The program itself tells, whatever else is
 * installed; one that is linked statically leaves the machine's own linker to tell.
 */
export function libc(program = process.execPath) {
  try {
    const interpreter = interpreterOf(program);
    if (interpreter !== undefined) return interpreter.includes("ld-musl") ? "musl" : "glibc";
  } catch {
    // A program that may be run but not read.
  }
  const arch = { arm64: "aarch64", x64: "x86_64" }[process.arch] ?? process.arch;
  return existsSync(`/lib/ld-musl-${arch}.so.1`) ? "musl" : "glibc";
}
