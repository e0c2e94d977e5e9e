import { writeFileSync } from "node:fs";
import { end, say } from "../../kit.mjs";

const file = `${process.cwd()}/broken-${process.pid}.node`;
writeFileSync(file, "not an addon");
process.env.RUNAR_TS_FFI_PATH = file;
const error = await import("runar-ts").catch((error) => error);
say(error.name, error.code);
say("names the file", String(error.message.includes(file)));
end("unknown");

// trace
// LoadError ERR_RUNAR_LOAD
// names the file true
// end
// exit 0
