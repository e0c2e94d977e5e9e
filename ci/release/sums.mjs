// The checksums of a release.
import { createHash } from "node:crypto";
import { fs, path } from "zx";

/** Writes the SHA-256 of files in the form that `sha256sum --check` reads. */
export async function writeSums(files, into) {
  const lines = [];
  for (const file of [...files].sort()) {
    const hash = createHash("sha256")
      .update(await fs.readFile(file))
      .digest("hex");
    lines.push(`${hash}  ${path.relative(path.dirname(into), file)}\n`);
  }
  await fs.writeFile(into, lines.join(""));
}
