import { Node } from "runar-ts";
import { describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({});
for (const path of ["one", "two"]) {
  node.addService({
    name: path,
    path,
    actions: {},
    stop: () => {
      throw new Error(`${path} will not go`);
    },
  });
}
await node.start();
const error = await rejection(node.stop());
say(describe(error));
say(
  "both",
  error.cause.errors.map((one) => one.message),
);
say(node.state);
end();

// trace
// LifecycleError ERR_RUNAR_STOP_FAILED: 2 stop hooks failed
// both ["two: the stop hook failed: two will not go", "one: the stop hook failed: one will not go"]
// stopped
// end
// exit 0
