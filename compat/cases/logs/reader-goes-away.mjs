import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { end, say } from "../../kit.mjs";

const program = fileURLToPath(new URL("./_reader-goes-away.mjs", import.meta.url));
// `head` reads the first record, and goes. Bun before 1.1.26 cannot close what it reads of a child.
const script = '{ "$0" "$1" 2>&1 1>&3 | head -n 1 > /dev/null; } 3>&1';
const child = spawn("sh", ["-c", script, process.execPath, program], {
  stdio: ["ignore", "pipe", "inherit"],
});
let told = "";
child.stdout.on("data", (chunk) => {
  told += chunk;
});
const code = await new Promise((resolve) => child.on("close", resolve));
say(told.trim());
say("exit", code);
end();

// trace
// delivered some: true, the counts are true: true, pending: 0
// runar-ts: a log sink failed; its records are lost: descriptor 2: EPIPE
// exit 0
// end
// exit 0
