import { createRequire } from "node:module";
import { Node, RunarError } from "runar-ts";
import { end, say } from "../../kit.mjs";

const common = createRequire(import.meta.url)("./_common.cjs");
const seen = await common.run();
say(seen.answer);
say("the same module:", seen.Node === Node, seen.RunarError === RunarError);
end();

// trace
// pong
// the same module: true true
// end
// exit 0
