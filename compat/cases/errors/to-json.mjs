import { Node, RunarError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const node = new Node({});
const error = await rejection(node.request("a/b"));
say(Object.keys(error.toJSON()));
say(JSON.stringify(error));
say(String(error));
say(error instanceof Error, error instanceof RunarError, Object.prototype.toString.call(error));
say(Object.keys(error));
end();

// trace
// ["name", "code", "message", "retryable", "details"]
// {"name":"LifecycleError","code":"ERR_RUNAR_NOT_STARTED","message":"a/b: the node has not been started","retryable":true,"details":{"path":"a/b"}}
// LifecycleError: a/b: the node has not been started
// true true [object Error]
// ["code", "retryable", "details"]
// end
// exit 0
