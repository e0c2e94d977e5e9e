import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { end, say } from "../../kit.mjs";

const program = fileURLToPath(new URL("./_program.mjs", import.meta.url));
const run = (name) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, name], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(`${text.trim()}, exit ${code}`));
  });
for (const line of await Promise.all(["one", "two", "three"].map(run))) say(line);
end();

// trace
// hello, one, exit 0
// hello, two, exit 0
// hello, three, exit 0
// end
// exit 0
