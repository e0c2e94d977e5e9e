import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArcValue } from "runar-ts";
import { sqlite } from "runar-ts/services";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const folder = mkdtempSync(join(tmpdir(), "runar-ts-case-"));
const db = sqlite({
  path: "db",
  file: join(folder, "case.db"),
  schema: { tables: { t: { id: { type: "integer", primaryKey: true } } } },
});
const node = new LaneNode();
node.addService(db);
await node.start();
const rows = db.on(node);
const values = [
  null,
  true,
  false,
  0,
  -0,
  0.1,
  -1.5,
  1e308,
  2 ** 53 - 1,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  "",
  "grüße, 世界 🌍",
  "nul \0 inside",
  new Uint8Array(0),
  new Uint8Array([0, 127, 255]),
  Buffer.from("ü"),
];
for (const value of values) {
  const [{ it, type }] = await rows.query("SELECT ? AS it, typeof(?1) AS type", [value]);
  say([value], "→", type, [it]);
}
for (const value of [2n ** 63n, { a: 1 }, [1], new Date(0), undefined, Number.NaN]) {
  say(
    value instanceof Date ? "a Date" : value,
    await rejection(rows.query("SELECT ? AS it", [value])),
  );
}
const arc = await node.request("db/query", ["SELECT 1 AS one", []], { as: "arc" });
say("a value of Rust", arc instanceof ArcValue, arc.toJS());
arc.close();
await node.stop();
rmSync(folder, { recursive: true });
end();

// trace
// [null] → null [null]
// [true] → integer [1]
// [false] → integer [0]
// [0] → integer [0]
// [-0] → real [-0]
// [0.1] → real [0.1]
// [-1.5] → real [-1.5]
// [1e+308] → real [1e+308]
// [9007199254740991] → integer [9007199254740991]
// [9007199254740992n] → integer [9007199254740992n]
// [9007199254740993n] → integer [9007199254740993n]
// [9223372036854775807n] → integer [9223372036854775807n]
// [-9223372036854775808n] → integer [-9223372036854775808n]
// [""] → text [""]
// ["grüße, 世界 🌍"] → text ["grüße, 世界 🌍"]
// ["nul \u0000 inside"] → text ["nul \u0000 inside"]
// [bytes[]] → blob [bytes[]]
// [bytes[0 127 255]] → blob [bytes[0 127 255]]
// [bytes[195 188]] → blob [bytes[195 188]]
// 9223372036854775808n InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: db/query: params[0]: 9223372036854775808 is beyond the integers of SQLite (i64)
// {a: 1} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: db/query: params[0]: SQLite keeps no object; send it as JSON text
// [1] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: db/query: params[0]: SQLite keeps no array; send it as JSON text
// a Date ValueError ERR_RUNAR_VALUE: payload[1][0]: a Date cannot cross; send toISOString()
// undefined InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: params[0]: undefined cannot be kept; send null
// NaN InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: db/query: params[0]: SQLite would keep NaN as NULL; send null
// a value of Rust true [{one: 1}]
// end
// exit 0
