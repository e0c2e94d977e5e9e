import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { end, say } from "../../kit.mjs";

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve("runar-ts/package.json"));
const dist = path.join(folder, "dist");
const modules = readdirSync(dist).filter((name) => name.endsWith(".js"));
const maps = modules.map((name) =>
  JSON.parse(readFileSync(path.join(dist, `${name}.map`), "utf8")),
);
say(
  "each module names its map",
  modules.every((name) =>
    readFileSync(path.join(dist, name), "utf8").includes(`sourceMappingURL=${name}.map`),
  ),
);
// Debuggers step over the code of other packages, which is bundled without its sources.
const sources = maps.flatMap((map) =>
  map.sources.filter((_, index) => !map.ignoreList.includes(index)),
);
say("the node is in one", sources.filter((source) => source === "../src/node/node.ts").length);
say(
  "what is no source",
  sources.filter((source) => !/^\.\.\/src\/[\w/-]+\.ts$/.test(source)),
);
say(
  "with their text",
  maps.every((map) => map.sources.length === map.sourcesContent.length),
);
for (const { types, default: main } of Object.values(require("runar-ts/package.json").exports)) {
  if (main !== undefined)
    say(main, existsSync(path.join(folder, types)) ? "has types" : "has none");
}
end();

// trace
// each module names its map true
// the node is in one 1
// what is no source []
// with their text true
// ./dist/index.js has types
// ./dist/logging/index.js has types
// ./dist/services/index.js has types
// ./dist/testing/index.js has types
// ./dist/telemetry/index.js has types
// end
// exit 0
