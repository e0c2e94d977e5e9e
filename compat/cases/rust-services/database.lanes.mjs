import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "runar-ts/services";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const folder = mkdtempSync(join(tmpdir(), "runar-ts-case-"));
const db = sqlite({
  path: "db",
  file: join(folder, "case.db"),
  schema: { tables: { t: { id: { type: "text", primaryKey: true }, value: "blob" } } },
});
const node = new LaneNode();
node.addService(db);
await node.start();
const rows = db.on(node);
say(await rows.query("SELECT ? a, ? b, ? c, ? d, ? e", [null, 2n ** 62n, 1.5, "ü", true]));
say(
  await rows.execute("INSERT INTO t VALUES (?, ?), ('b', NULL)", ["a", new Uint8Array([0, 255])]),
);
say(await rejection(rows.execute("INSERT INTO t (id) VALUES ('a')")));
say(await rejection(rows.execute("BEGIN")));
// Concurrent updates in any order, of which none is lost.
const updates = Array.from({ length: 100 }, () =>
  rows.execute("UPDATE t SET value = coalesce(value, 0) + ? WHERE id = 'b'", [1]),
);
say("changed", (await Promise.all(updates)).length);
await node.stop();
await node.start();
say(await rows.query("SELECT * FROM t ORDER BY id"));
await node.stop();
rmSync(folder, { recursive: true });
end();

// trace
// [{a: null, b: 4611686018427387904n, c: 1.5, d: "ü", e: 1}]
// 2
// SqlError ERR_RUNAR_SQL_CONSTRAINT: db/execute: UNIQUE constraint failed: t.id
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: db/execute: BEGIN is not possible: all callers share one connection, so a transaction would take in the statements of others. Write the change as one statement
// changed 100
// [{id: "a", value: bytes[0 255]}, {id: "b", value: 100}]
// end
// exit 0
