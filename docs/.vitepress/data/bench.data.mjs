// What the benchmarks measured: the results that `npm run bench` wrote and somebody chose to publish.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../bench/published/", import.meta.url));

export default {
  watch: [`${folder}*.json`],
  load() {
    const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
    return Object.fromEntries(
      files.map((file) => [
        file.replace(".json", ""),
        JSON.parse(readFileSync(folder + file, "utf8")),
      ]),
    );
  },
};
