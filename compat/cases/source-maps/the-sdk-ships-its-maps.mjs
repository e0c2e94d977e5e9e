import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { end, say } from "../../kit.mjs";

const folder = path.dirname(createRequire(import.meta.url).resolve("runar-ts/package.json"));
for (const name of ["index", "node", "isolate"]) {
  const file = path.join(folder, "dist", `${name}.js`);
  const map = JSON.parse(readFileSync(`${file}.map`, "utf8"));
  say(
    name,
    map.sources,
    map.sourcesContent.length,
    readFileSync(file, "utf8").includes(`sourceMappingURL=${name}.js.map`),
  );
  say("types", existsSync(path.join(folder, "dist", `${name}.d.ts`)));
}
end();

// trace
// index ["../src/index.ts"] 1 true
// types true
// node ["../src/node.ts"] 1 true
// types true
// isolate ["../src/isolate.ts"] 1 true
// types true
// end
// exit 0
