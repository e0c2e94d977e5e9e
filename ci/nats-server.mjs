// The server of NATS, built from its source by Go and kept outside the tree.
import { $, fs, path, which } from "zx";
import { cache } from "./paths.mjs";

const VERSION = "2.15.2";

/** Builds it unless it is there; returns its program. */
export async function installNatsServer() {
  const folder = path.join(cache, "programs", `nats-server-${VERSION}`);
  const name = process.platform === "win32" ? "nats-server.exe" : "nats-server";
  const file = path.join(folder, name);
  if (!(await fs.pathExists(file))) {
    if ((await which("go", { nothrow: true })) === null) {
      throw new Error(
        "nats-server is built with Go, which is missing here: see https://go.dev/doc/install",
      );
    }
    console.log(`nats-server ${VERSION} is built for the first time: a minute or more.`);
    const module = `github.com/nats-io/nats-server/v2@v${VERSION}`;
    await $({ env: { ...process.env, GOBIN: folder }, stdio: "inherit" })`go install ${module}`;
  }
  return file;
}
