import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { end, rejection, say } from "../../kit.mjs";

process.setSourceMapsEnabled(true);
// A compiled module with its source map: line 3 here is line 30 in the source.
const map = { version: 3, sources: ["written-by-the-user.ts"], names: [], mappings: ";;AA6BA" };
const url = Buffer.from(JSON.stringify(map)).toString("base64");
const file = `${process.cwd()}/compiled-${process.pid}.mjs`;
writeFileSync(
  file,
  `export const actions = {\nfail() {\nthrow new Error("here");\n} };\n//# sourceMappingURL=data:application/json;base64,${url}\n`,
);
const { actions } = await import(pathToFileURL(file).href);
const { Node } = await import("runar-ts");
const node = new Node({});
node.addService({ name: "a", path: "a", actions });
await node.start();
const { cause } = await rejection(node.request("a/fail"));
say("names the source", String(/written-by-the-user\.ts:30\b/.test(cause.stack)));
await node.stop();
end();

// trace
// names the source true
// end
// exit 0
