// not remote: the case has two nodes in every lane
import { NotFoundError, OverloadError, RunarError, TimeoutError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((_, b) =>
  b.addService({
    name: "bad",
    path: "bad",
    actions: {
      throws: function farAway() {
        throw new TypeError("no such book");
      },
      because: async (ctx) => {
        const cause = await rejection(ctx.request("bad/throws"));
        throw new RangeError("it went wrong", { cause });
      },
      rejects: async () => {
        throw new TypeError("not today");
      },
      text: () => {
        throw "just a text";
      },
      circular: () => {
        const circle = {};
        circle.circle = circle;
        return circle;
      },
      looksLikeOne: () => ({ error: true, message: "only data" }),
      missing: (ctx) => ctx.request("nobody/has"),
      slow: (ctx) => ctx.request("bad/never", [], { timeoutMs: 10 }),
      never: () => new Promise(() => undefined),
      full: async (ctx) => {
        const first = ctx.request("bad/one", [], { timeoutMs: 100 }).catch(() => undefined);
        await Promise.race([first, ctx.request("bad/one")]);
      },
      one: { concurrency: 1, queue: 0, handler: () => new Promise(() => undefined) },
      two: (a, b) => a + b,
    },
  }),
);
const failing = ["throws", "because", "missing", "slow", "full", "two"];
for (const action of [...failing, "rejects", "text", "circular", "unknown"]) {
  const error = await rejection(
    here.request(`bad/${action}`, action === "two" ? [1, 2, 3, 4] : []),
  );
  const classes = [NotFoundError, OverloadError, TimeoutError].filter(
    (one) => error instanceof one,
  );
  say(action, error);
  say("  is", error instanceof RunarError, ...classes.map(({ name }) => name));
  say("  about", error.details);
  for (let { cause } = error; cause; { cause } = cause) {
    say("  because of", cause, "about", cause.details, "an Error", cause instanceof Error);
  }
  const told = [error.stack, error.cause?.stack].join();
  say("  tells where in the code it was", told.includes("farAway"));
}
say("looksLikeOne", await here.request("bad/looksLikeOne"));
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// throws ActionError ERR_RUNAR_ACTION: bad/throws: no such book
//   is true
//   about {path: "bad/throws"}
//   because of TypeError: no such book about undefined an Error true
//   tells where in the code it was false
// because ActionError ERR_RUNAR_ACTION: bad/because: it went wrong
//   is true
//   about {path: "bad/because"}
//   because of RangeError: it went wrong about undefined an Error true
//   because of ActionError ERR_RUNAR_ACTION: bad/throws: no such book about {path: "bad/throws"} an Error true
//   because of TypeError: no such book about undefined an Error true
//   tells where in the code it was false
// missing NotFoundError ERR_RUNAR_NOT_FOUND: nobody/has: no service has this action
//   is true NotFoundError
//   about {path: "nobody/has"}
//   tells where in the code it was false
// slow TimeoutError ERR_RUNAR_TIMEOUT: bad/never: no answer within 10 ms (a retry can help)
//   is true TimeoutError
//   about {path: "bad/never", timeoutMs: 10}
//   tells where in the code it was false
// full OverloadError ERR_RUNAR_OVERLOAD: bad/one: 1 calls are running and 0 are waiting (a retry can help)
//   is true OverloadError
//   about {concurrency: 1, path: "bad/one", queue: 0}
//   tells where in the code it was false
// two InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: bad/two: the handler takes at most 2 arguments; the payload has 4
//   is true
//   about {path: "bad/two"}
//   tells where in the code it was false
// rejects ActionError ERR_RUNAR_ACTION: bad/rejects: not today
//   is true
//   about {path: "bad/rejects"}
//   because of TypeError: not today about undefined an Error true
//   tells where in the code it was false
// text ActionError ERR_RUNAR_ACTION: bad/text: just a text
//   is true
//   about {path: "bad/text"}
//   because of Error: just a text about undefined an Error true
//   tells where in the code it was false
// circular ValueError ERR_RUNAR_VALUE: result.circle: leads back to result; a cycle cannot cross
//   is true
//   about {path: "result.circle"}
//   tells where in the code it was false
// unknown NotFoundError ERR_RUNAR_NOT_FOUND: bad/unknown: no service has this action
//   is true NotFoundError
//   about {path: "bad/unknown"}
//   tells where in the code it was false
// looksLikeOne {error: true, message: "only data"}
// end
// exit 0
