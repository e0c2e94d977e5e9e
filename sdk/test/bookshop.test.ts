import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ask } from "./http.js";

const program = fileURLToPath(new URL("../../examples/bookshop/dist/serve.js", import.meta.url));
/** The shop stores its stock in its working directory. */
const folder = mkdtempSync(join(tmpdir(), "runar-ts-bookshop-"));
let open: ChildProcess | undefined;

afterEach(() => open?.kill("SIGKILL"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openShop() {
  const shop = spawn(process.execPath, [program, "0"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  open = shop;
  const [said] = await once(shop.stdout, "data");
  const [url] = /http:\S+(?=;)/.exec(String(said)) ?? [];
  if (url === undefined) throw new Error(`the shop said ${said}`);
  return { shop, url };
}

const order = { customer: "a customer", id: "dracula", count: 3 };

// Windows cannot send SIGINT to another process.
describe.skipIf(process.platform === "win32")("examples/bookshop as a server", () => {
  it("serves 1,000 concurrent customers and keeps the stock across a restart", async () => {
    let { shop, url } = await openShop();
    const stock = async (id: string) => JSON.parse((await ask(`${url}/orders/stock`, [id])).body);
    expect([await stock("dracula"), await stock("frankenstein")]).toEqual([80, 75]);

    const agent = new Agent({ keepAlive: true, maxSockets: 200 });
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => ask(`${url}/orders/place`, order, agent)),
    );
    agent.destroy();
    const counts = new Map<string, number>();
    for (const { status, body } of answers) {
      const said = `${status} ${body}`;
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    expect(counts.get("200 2547")).toBe(26);
    const refusal =
      "500 Service request error: orders/place: Dracula: 3 wanted, 2 left (ERR_RUNAR_ACTION)";
    expect(counts.get(refusal)).toBe(974);
    expect([await stock("dracula"), await stock("frankenstein")]).toEqual([2, 75]);

    shop.kill("SIGINT");
    expect(await once(shop, "exit")).toEqual([0, null]);
    ({ shop, url } = await openShop());
    expect([await stock("dracula"), await stock("frankenstein")]).toEqual([2, 75]);
    shop.kill("SIGINT");
    expect(await once(shop, "exit")).toEqual([0, null]);
  });

  it.skipIf(spawnSync("curl", ["--version"]).status !== 0)("answers curl", async () => {
    const { shop, url } = await openShop();
    const curl = spawn("curl", [
      "--silent",
      "--show-error",
      ...["--header", "content-type: application/json", "--data", '["stoker"]'],
      `${url}/catalog/search`,
    ]);
    let answer = "";
    curl.stdout.on("data", (chunk) => {
      answer += chunk;
    });
    expect(await once(curl, "close")).toEqual([0, null]);
    expect(JSON.parse(answer)).toMatchObject([{ id: "dracula", title: "Dracula" }]);
    shop.kill("SIGINT");
    expect(await once(shop, "exit")).toEqual([0, null]);
  });
});
