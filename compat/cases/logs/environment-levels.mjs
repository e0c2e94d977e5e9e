import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { end, say } from "../../kit.mjs";

const program = fileURLToPath(new URL("./_leveled.mjs", import.meta.url));
const run = (RUNAR_LOG) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, RUNAR_LOG },
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(text.trim()));
  });
const directives = [
  "",
  "info",
  "warn,shop=debug",
  "Node=info",
  "off,Service=warn",
  "runar_node=debug",
  "Keys=debug",
  "loud",
];
for (const directive of directives) say(`RUNAR_LOG=${directive}\n${await run(directive)}`);
end();

// trace
// RUNAR_LOG=
// Node warn: x, Service warn: x
// nothing of the core
// RUNAR_LOG=info
// Node info: x, Node warn: x, Service info: x, Service warn: x
// and the core
// RUNAR_LOG=warn,shop=debug
// Node warn: x, Service debug: x, Service info: x, Service warn: x
// nothing of the core
// RUNAR_LOG=Node=info
// Node info: x, Node warn: x, Service warn: x
// and the core
// RUNAR_LOG=off,Service=warn
// Service warn: x
// nothing of the core
// RUNAR_LOG=runar_node=debug
// Node warn: x, Service warn: x
// nothing of the core
// RUNAR_LOG=Keys=debug
// Node warn: x, Service warn: x
// and the core
// RUNAR_LOG=loud
// Node warn: x, Service warn: x
// nothing of the core
// end
// exit 0
