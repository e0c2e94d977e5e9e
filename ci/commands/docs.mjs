// Serves the documentation, and shows each change of a page at once. What follows goes to the server:
// `npm run docs -- --port 8000`.
import { $ } from "zx";
import { docs, prepareSite, vitepress } from "../../docs/tools/site.mjs";

await prepareSite();
await $({ cwd: docs, stdio: "inherit" })`${vitepress} dev ${process.argv.slice(3)}`;
