// What the site has, and in which order.
import { existsSync, readFileSync } from "node:fs";

const page = (text, link) => ({ text, link });
const section = (text, items) => ({ text, items });

/** TypeDoc lists the API's pages, once `npm run docs:build` or `npm run docs` has made them. */
const apiList = new URL("../reference/api/typedoc-sidebar.json", import.meta.url);
const api = existsSync(apiList) ? JSON.parse(readFileSync(apiList, "utf8")).map(open) : [];

/** Groups that fold are buttons within buttons, which screen readers cannot tell apart. */
function open({ text, link, items }) {
  const sorted = items?.map(open).sort((one, other) => one.text.localeCompare(other.text));
  return { text, ...(link && { link }), ...(sorted && { items: sorted }) };
}

const guide = [
  section("Services", [
    page("Services", "/guide/services"),
    page("Calls", "/guide/calls"),
    page("Types", "/guide/types"),
    page("Validation", "/guide/validation"),
    page("Events", "/guide/events"),
    page("Errors", "/guide/errors"),
    page("Deadlines and cancellation", "/guide/deadlines"),
    page("Values", "/guide/values"),
  ]),
  section("Nodes", [
    page("Logging", "/guide/logging"),
    page("Metrics and traces", "/guide/observability"),
    page("Identity", "/guide/identity"),
    page("Networking", "/guide/networking"),
    page("Databases and HTTP, of the Rust core", "/guide/rust-services"),
    page("Worker threads", "/guide/workers"),
    page("The command line", "/guide/command-line"),
  ]),
  section("Towards production", [
    page("Testing your services", "/guide/testing"),
    page("Shutting down", "/guide/shutting-down"),
    page("Deploying", "/guide/deploying"),
    page("When the install fails", "/guide/installing"),
    page("Security", "/security"),
  ]),
];

const reference = [
  section("Reference", [
    page("Overview", "/reference/"),
    page("Config", "/reference/config"),
    page("Error codes", "/reference/errors"),
    page("Command line", "/reference/cli"),
    page("Log record", "/reference/log-record"),
  ]),
  section("API", api),
];

const more = [
  section("Answers", [
    page("Troubleshooting", "/troubleshooting"),
    page("Ten questions", "/questions"),
    page("Compatibility", "/compatibility"),
    page("Benchmarks", "/benchmarks"),
    page("Versions and releases", "/releases"),
    page("Security", "/security"),
  ]),
  section("Coming from", [
    page("moleculer", "/coming-from/moleculer"),
    page("NestJS microservices", "/coming-from/nestjs"),
    page("NATS services", "/coming-from/nats"),
    page("Rust", "/coming-from/rust"),
  ]),
  section("Inside", [
    page("Glossary", "/inside/glossary"),
    page("How a call travels", "/inside/"),
    page("Guards over the core", "/inside/guards"),
    page("Departures from the first design", "/inside/departures"),
  ]),
];

const comingFrom = more[1];

export const nav = [
  page("Start", "/start"),
  page("Guide", "/guide/services"),
  page("Reference", "/reference/"),
  page("Compatibility", "/compatibility"),
  page("Benchmarks", "/benchmarks"),
  {
    text: "More",
    items: [
      comingFrom,
      page("Inside", "/inside/"),
      page("Security", "/security"),
      page("Troubleshooting", "/troubleshooting"),
    ],
  },
];

export const sidebar = {
  "/reference/": reference,
  "/guide/": guide,
  "/start": [section("Start", [page("Start", "/start")]), ...guide],
  "/": more,
};
