// Builds the documentation as static files, in docs/.vitepress/dist.
import { buildSite } from "../../docs/tools/site.mjs";

await buildSite();
