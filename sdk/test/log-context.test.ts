import type { Context } from "runar-ts";
import { currentLogger } from "runar-ts/logging";
import { afterEach, describe, expect, it } from "vitest";
import { failure, lanes, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe.each(lanes)("the logger of a handler on the %s lane", (localCalls) => {
  async function start(asyncContext = false) {
    const node = makeNode({ localCalls, asyncContext });
    const helper = async (text: string) => {
      await null;
      currentLogger()?.info(text);
    };
    node.addService({
      name: "shop",
      path: "shop",
      actions: {
        order: async (isbn: string, ctx: Context) => {
          ctx.logger.info("ordering", { isbn });
          await ctx.request("shop/pay", [1]);
          await helper("helped order");
          return ctx.requestId;
        },
        pay: async (amount: number, ctx: Context) => {
          ctx.logger.child({ amount }).info("paying");
          await helper("helped pay");
          return ctx.traceparent;
        },
      },
      events: {
        paid: async () => helper("helped event"),
      },
    });
    await node.start();
    return node;
  }

  it("has the service, the action and one request id for all nested calls", async () => {
    const node = await start();
    const ids = [
      await node.request("shop/order", ["moby-dick"]),
      await node.request("shop/order", ["moby-dick"]),
    ];
    expect(ids[0]).not.toBe(ids[1]);
    const records = node.records.filter(({ component }) => component === "Service");
    expect(
      records.map(({ message, service, action, requestId, fields }) => [
        message,
        service,
        action,
        requestId,
        fields,
      ]),
    ).toEqual(
      ids.flatMap((id) => [
        ["ordering", "shop", "order", id, { isbn: "moby-dick" }],
        ["paying", "shop", "pay", id, { amount: 1 }],
      ]),
    );
  });

  it("has the request id and the trace of the caller", async () => {
    const node = await start();
    const options = { requestId: "http-7", traceparent: TRACE };
    expect(await node.request("shop/order", ["a"], options)).toBe("http-7");
    expect(await node.request("shop/pay", [1], options)).toBe(TRACE);
    for (const record of node.records) {
      expect(record).toMatchObject({ requestId: "http-7", traceparent: TRACE });
    }
  });

  it.each([
    [{ traceparent: "00-xyz" }, "options.traceparent: expected 00-"],
    [{ requestId: 7 as unknown as string }, "options.requestId: expected a string"],
  ])("refuses %j", async (options, message) => {
    const node = await start();
    const error = await failure(node.request("shop/pay", [1], options));
    expect(error.code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
    expect(error.message).toContain(message);
  });

  it("is available to helpers in each concurrent call", async () => {
    const node = await start(true);
    const ids = await Promise.all([1, 2, 3].map(() => node.request("shop/order", ["a"])));
    const helped = node.records.filter(({ message }) => message === "helped order");
    expect(helped.map(({ action, requestId }) => [action, requestId])).toEqual(
      ids.map((id) => ["order", id]),
    );
    const inner = node.records.filter(({ message }) => message === "helped pay");
    expect(inner.map(({ action, requestId }) => [action, requestId])).toEqual(
      ids.map((id) => ["pay", id]),
    );
    await node.publish("paid", 1);
    await new Promise(setImmediate);
    expect(node.records.at(-1)).toMatchObject({ message: "helped event", event: "paid" });
    expect(currentLogger()).toBeUndefined();
  });

  it("is not available on a node without asyncContext", async () => {
    const node = await start(false);
    await node.request("shop/order", ["a"]);
    expect(node.records.map(({ message }) => message)).toEqual(["ordering", "paying"]);
  });
});
