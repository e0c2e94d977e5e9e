// not remote: a test node has no network
import { createTestNode, fakeClock } from "runar-ts/testing";
import { end, lane, rejection, say } from "../../kit.mjs";

const never = () => new Promise(() => {});
const node = await createTestNode({
  services: [{ name: "a", path: "a", actions: { never } }],
  localCalls: lane,
});
const clock = fakeClock();
const attempts = (async () => {
  for (let count = 1; count <= 3; count++) {
    const error = await rejection(node.request("a/never", [], { timeoutMs: 1_000 }));
    say("attempt", count, error);
  }
})();
const other = rejection(node.request("a/never", [], { timeoutMs: 2_500 })).then((error) =>
  say(error),
);
await clock.advance(2_999);
say("moved by 2999");
await clock.advance(1);
await Promise.all([attempts, other]);
const event = rejection(node.once("b")).then((error) => say(error));
await clock.advance(30_000);
await event;
say(await rejection(clock.advance(0)));
clock.restore();
say(await rejection(clock.advance(1)));
say("in real time", await rejection(node.request("a/never", [], { timeoutMs: 5 })));
await node.stop();
end();

// trace
// attempt 1 TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 1000 ms (a retry can help)
// attempt 2 TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 1000 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 2500 ms (a retry can help)
// moved by 2999
// attempt 3 TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 1000 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b: no answer within 30000 ms (a retry can help)
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: milliseconds: expected a number of milliseconds above 0, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: advance: the clock has been restored
// in real time TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 5 ms (a retry can help)
// end
// exit 0
