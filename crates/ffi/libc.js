// The C library of a program.
import { existsSync } from "node:fs";
import { interpreterOf } from "./elf.js";

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
