// The order of steps, on steps that end when the test says so.
import { describe, expect, it } from "vitest";
import { steps } from "../list.mjs";
import { schedule, withNeeds } from "../schedule.mjs";

const step = (name, rest = {}) => ({ name, needs: [], alone: [], ...rest });

/** Runs steps that are ended by hand; `log` has what happened. */
function start(list, slots) {
  const log = [];
  const ends = new Map();
  const outcome = schedule(list, {
    slots,
    run: ({ name }) => {
      log.push(`begin ${name}`);
      return new Promise((resolve) => ends.set(name, resolve));
    },
    onSkip: ({ name }, missing) => log.push(`skip ${name} for ${missing}`),
  });
  const end = async (name, passed = true) => {
    ends.get(name)(passed);
    await new Promise(setImmediate);
    return log.splice(0);
  };
  return { outcome, end, log };
}

describe("steps", () => {
  it("run side by side in as many slots as there are, in their order", async () => {
    const run = start([step("a"), step("b"), step("c")], 2);
    expect(run.log.splice(0)).toEqual(["begin a", "begin b"]);
    expect(await run.end("b")).toEqual(["begin c"]);
    await run.end("a");
    await run.end("c");
    expect(await run.outcome).toEqual({ passed: ["b", "a", "c"], failed: [], skipped: [] });
  });

  it("wait for what they need, and let others go first", async () => {
    const run = start([step("build"), step("test", { needs: ["build"] }), step("free")], 2);
    expect(run.log.splice(0)).toEqual(["begin build", "begin free"]);
    expect(await run.end("build")).toEqual(["begin test"]);
    await run.end("test");
    await run.end("free");
    expect((await run.outcome).passed).toHaveLength(3);
  });

  it("never use at a time what one of them must have alone", async () => {
    const alone = ["cargo"];
    const run = start([step("a", { alone }), step("b", { alone }), step("c")], 2);
    expect(run.log.splice(0)).toEqual(["begin a", "begin c"]);
    expect(await run.end("c")).toEqual([]);
    expect(await run.end("a")).toEqual(["begin b"]);
    await run.end("b");
    await run.outcome;
  });

  it("are skipped when what they need failed, directly or not; the others run", async () => {
    const chain = [step("b", { needs: ["a"] }), step("c", { needs: ["b"] })];
    const run = start([...chain, step("a"), step("d")], 1);
    expect(run.log.splice(0)).toEqual(["begin a"]);
    expect(await run.end("a", false)).toEqual(["skip b for a", "skip c for b", "begin d"]);
    await run.end("d");
    expect(await run.outcome).toEqual({ passed: ["d"], failed: ["a"], skipped: ["b", "c"] });
  });

  it("that need each other are refused", async () => {
    const circle = [step("a", { needs: ["b"] }), step("b", { needs: ["a"] })];
    await expect(start(circle, 2).outcome).rejects.toThrow("these steps need each other: a, b");
  });
});

describe("a choice of steps", () => {
  it("has what they need with them, in the order of the list", () => {
    const list = [step("a"), step("b", { needs: ["a"] }), step("c", { needs: ["b"] }), step("d")];
    expect(withNeeds(list, [list[2]]).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
});

describe("the steps of the project", () => {
  it("have names of their own, and need steps that there are", () => {
    const names = steps.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(() => withNeeds(steps, steps)).not.toThrow();
  });

  it("are in one group each, and no step of a group needs one of another but builds", () => {
    for (const { name, group, needs } of steps) {
      expect(["build", "test", "rest"], name).toContain(group);
      for (const need of needs) expect(steps.find((one) => one.name === need).group).toBe("build");
    }
  });
});
