import { describe, expect, it } from "vitest";
import { readParameters, standInFor } from "../src/validation/parameters.js";

type AnyHandler = Parameters<typeof readParameters>[0];

/** Makes functions as a bundle has them: from their source. */
const made = (source: string) => new Function(`return (${source})`)() as AnyHandler;
const method = (source: string) => new Function(`return ({${source}}).act`)() as AnyHandler;

describe("arguments and context", () => {
  it.each<[string, number, boolean]>([
    ["() => 1", 0, false],
    ["(a) => a", 1, false],
    ["a => a", 1, false],
    ["async a => a", 1, false],
    ["(a, b) => a + b", 2, false],
    ["(a, b, ctx) => a + b", 2, true],
    ["(ctx) => 1", 0, true],
    ["ctx => 1", 0, true],
    ["(a, _ctx) => a", 1, true],
    ["(a, context) => a", 1, true],
    ["(a, requestContext) => a", 1, true],
    ["(a, orderCtx,) => a", 1, true],
    ["(context, a) => a", 2, false],
    ["(isbn, currency) => currency ?? 'EUR'", 2, false],
    ["async function (a, ctx) { return a; }", 1, true],
    ["function* named(a, ctx) { yield a; }", 1, true],
    ["async function* (a, b) { yield a; }", 2, false],
    ["function /* (x) */ named(a /* = 1, b */, ctx // , c = 1\n) { return a; }", 1, true],
    ["({ isbn, count }, ctx) => isbn", 1, true],
    ["({ isbn, count }) => isbn", 1, false],
    ["([first, second]) => first", 1, false],
    ["(a, { logger, peer: from }) => a", 1, true],
    ["({ path, isbn }) => path", 1, false],
    ["($a, $) => $a + $", 2, false],
  ])("%s", (source, count, hasContext) => {
    expect(readParameters(made(source))).toMatchObject({
      count,
      hasContext,
      hasDefaults: false,
      hasRest: false,
    });
  });

  it.each<[string, number, boolean]>([
    ["act(a, ctx) { return a; }", 1, true],
    ["async act(a, b) { return a; }", 2, false],
    ["async *act(a, ctx) { yield a; }", 1, true],
    ['"act"(a, ctx) { return a; }', 1, true],
    ['["a" + "ct"](a, ctx) { return a; }', 1, true],
    ['["(a, b".length > 3 ? "act" : ")"](a) { return a; }', 1, false],
    ["act: function (a, ctx) { return a; }", 1, true],
  ])("{ %s }", (source, count, hasContext) => {
    expect(readParameters(method(source))).toMatchObject({ count, hasContext });
  });

  it.each([
    ["(a, b = 2) => a", { hasDefaults: true, count: 2 }],
    ["(a, { b } = {}) => a", { hasDefaults: true }],
    ["({ a = 1, b: [c = 2] = [] }) => a", { hasDefaults: false, count: 1 }],
    ["(a = ')', ctx) => a", { hasDefaults: true, hasContext: true, count: 1 }],
    ["(a = `)$" + "{')'}`, b) => a", { hasDefaults: true, count: 2 }],
    ["(a = (b, c) => b, ctx) => a", { hasDefaults: true, hasContext: true, count: 1 }],
    ["(...all) => all", { hasRest: true, hasContext: false }],
    ["(first, ...ctx) => first", { hasRest: true, hasContext: false, count: 2 }],
  ])("reads defaults and rest parameters of %s", (source, expected) => {
    expect(readParameters(made(source))).toMatchObject(expected);
  });
});

describe("minified sources", () => {
  it.each<[string, number, boolean]>([
    ["(r,t)=>r+t", 2, false],
    ["(t,e,r)=>(r.logger.debug('x'),t+e)", 2, true],
    ["async(t,e)=>{return await e.request('a/b',[t])}", 1, true],
    ["function(t,e){return void 0===e.peer?1:t}", 1, true],
    ["t=>t.length", 1, false],
    ["t=>t", 1, false],
    ["(t,e)=>t.isbn*e.count", 2, false],
  ])("%s", (source, count, hasContext) => {
    expect(readParameters(made(source))).toMatchObject({ count, hasContext });
  });

  it.each([
    "(t,e)=>n(t,e)",
    "(t,e)=>({t,e})",
    "(t,e)=>{const r=e;return r}",
    "async(t,e)=>{await i(e)}",
    "(t,e)=>()=>e.path",
  ])("refuses %s", (source) => {
    expect(readParameters(made(source))).toEqual({
      problem: expect.stringMatching(/^a minifier has renamed its parameters/),
    });
  });

  it("reads short names in hand-written code", () => {
    expect(readParameters((a: number, b: number) => [a, b].map((c) => c * b))).toMatchObject({
      count: 2,
      hasContext: false,
    });
  });
});

describe("ambiguous functions", () => {
  const check = (what: string, context: { peer?: string }) => what + context.peer;
  it.each<[string, AnyHandler, RegExp]>([
    ["bound", check.bind(null), /bound, native or a class/],
    ["native", Math.max, /bound, native or a class/],
    [
      "a class",
      class A {
        constructor(readonly a: number) {}
      } as never,
      /bound, native or a class/,
    ],
    [
      "used like a context",
      made("(what, call) => call.peer"),
      /last parameter call like a Context/,
    ],
    ["used as one by a method", made("(what, c) => c.request('a/b')"), /name it ctx/],
    ["a pattern of either", made("(what, { path, signal }) => path"), /argument or the context/],
    [
      "passed on whole",
      made("function (_x, _x2) { return other.apply(this, arguments); }"),
      /passes all of its arguments on/,
    ],
  ])("%s", (_, handler, problem) => {
    const declared = readParameters(handler);
    expect("problem" in declared ? declared.problem : declared).toMatch(problem);
  });

  it("functions without parameters are not ambiguous", () => {
    const bound = (() => 1).bind(null);
    expect(readParameters(bound)).toMatchObject({ count: 0, hasContext: false });
  });

  it("functions can take the parameters of another", () => {
    const standIn = (...all: unknown[]) => all;
    standInFor(standIn, (a: number, ctx: object) => [a, ctx]);
    expect(readParameters(standIn)).toMatchObject({ count: 1, hasContext: true, hasRest: false });
  });
});
