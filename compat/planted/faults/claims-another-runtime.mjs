import { appendFileSync } from "node:fs";
import { end } from "../../kit.mjs";

const versions = { node: "21.0.0" };
appendFileSync(process.env.COMPAT_FACTS, `${JSON.stringify({ versions })}\n`);
end();

// trace
// end
// exit 0
