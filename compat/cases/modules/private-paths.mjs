import { end, rejection, say } from "../../kit.mjs";

for (const name of ["runar-ts/dist/index.js", "runar-ts/src/index.ts", "runar-ts/nope"]) {
  say(
    name,
    (await rejection(import(name))).message.startsWith("it resolved") ? "found" : "refused",
  );
}
end();

// trace
// runar-ts/dist/index.js refused
// runar-ts/src/index.ts refused
// runar-ts/nope refused
// end
// exit 0
