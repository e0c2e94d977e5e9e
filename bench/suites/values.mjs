// What it costs to send a value to a Rust service and to get it back, beside the copies that
// JavaScript makes without leaving the thread.
import { handleOf, settle } from "../../ci/fixtures.mjs";
import { native } from "../../sdk/dist/native/binding.js";
import { readable } from "../chart.mjs";
import { startNode } from "../peers.mjs";
import { actor, compare } from "../rates.mjs";
import { figure, ratio } from "../rounds.mjs";

const book = (id) => ({
  id,
  isbn: `978-0-00-${id}`,
  title: `The book number ${id}`,
  price: id * 1.25,
  stock: id % 7,
  tags: ["new", "sale"],
  author: { name: "Ann Author", born: 1970 },
});
const books = (count) => ({ items: Array.from({ length: count }, (_, id) => book(id)) });

const SHAPES = {
  "small object": { a: 1, b: 2, tags: [3] },
  "10 KB object": books(70),
  "1 MB object": books(6_500),
  "10,000 numbers": Array.from({ length: 10_000 }, (_, index) => index * 1.5),
  "1 MiB of bytes": new Uint8Array(1 << 20).fill(7),
};

const size = (value) =>
  value instanceof Uint8Array ? value.length : Buffer.byteLength(JSON.stringify(value));

/** The copies to compare with; awaited, as a call is. */
function copies(value) {
  const clone = actor("structuredClone", async () => structuredClone(value));
  if (value instanceof Uint8Array) {
    return [clone, actor("memcpy: bytes.slice()", async () => value.slice())];
  }
  return [
    clone,
    actor("JSON.parse(JSON.stringify())", async () => JSON.parse(JSON.stringify(value))),
  ];
}

const microseconds = ({ name, rounds }) =>
  figure(
    name,
    rounds.map((rate) => 1e6 / rate),
  );

export async function measure() {
  const node = await startNode(
    { localCalls: "native" },
    {
      name: "js",
      path: "js",
      actions: { echo: { params: ["value"], handler: (value) => value } },
    },
  );
  await settle((call) => native.fixtureAddService(handleOf(node), call));
  const charts = [];
  const aims = [];
  for (const [shape, value] of Object.entries(SHAPES)) {
    const contestants = [
      actor("JS → Rust service → JS", () => node.request("fixture/echo", value)),
      actor("a wake-up: the same without a value", () => node.request("fixture/echo")),
      actor("JS → Rust → JS handler, and back", () => node.request("js/echo", { value })),
      ...copies(value),
    ];
    const rates = await compare(contestants, 1, 8);
    const [throughRust, wakeUp, , clone, other] = rates.map(microseconds);
    const megabytes = size(value) / 1e6;
    charts.push(
      { title: shape, unit: "µs", figures: rates.map(microseconds) },
      {
        title: `${shape}, ${readable(size(value))} bytes (of JSON)`,
        unit: "MB a second",
        figures: rates
          .filter((_, index) => index !== 1)
          .map(({ name, rounds }) =>
            figure(
              name,
              rounds.map((rate) => rate * megabytes),
            ),
          ),
      },
    );
    const limit = figure(
      "structuredClone and a wake-up",
      clone.rounds.map((time, round) => time + wakeUp.rounds[round]),
    );
    aims.push({
      what: `${shape}: through Rust / (structuredClone + wake-up)`,
      unit: "x",
      atMost: 1,
      measured: ratio("", throughRust, limit).median,
    });
    if (value instanceof Uint8Array) {
      aims.push({
        // Each byte is moved there and back.
        what: `${shape}: bytes moved a second through Rust / by memcpy`,
        unit: "x",
        atLeast: 0.5,
        measured: 2 * ratio("", other, throughRust).median,
      });
    }
  }
  await node.stop();
  return { charts, aims };
}
