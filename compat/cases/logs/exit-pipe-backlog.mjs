import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { end, say } from "../../kit.mjs";

const program = fileURLToPath(new URL("./_exit-pipe-backlog.mjs", import.meta.url));
const run = (way) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, way], { stdio: ["ignore", "pipe", "pipe"] });
    let told = "";
    child.stdout.on("data", (chunk) => {
      told += chunk;
    });
    let text = "";
    child.stderr.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const entries = text.split("\n").filter((line) => line.includes("entry "));
      const whole = entries.filter((line) => JSON.parse(line).message.length === 1006);
      resolve([told.trim(), whole.length, "of", entries.length, "exit", code]);
    });
  });
for (const way of ["closeLogs", "stop", "process.exit", "the end"]) say(way, ...(await run(way)));
end();

// trace
// closeLogs the counts are true: true, dropped: 0, pending: 0 20000 of 20000 exit 0
// stop the counts are true: true, dropped: 0, pending: 0 20000 of 20000 exit 0
// process.exit  20000 of 20000 exit 0
// the end  20000 of 20000 exit 0
// end
// exit 0
