import { Node, quantileMs } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

say(thrown(() => new Node({}).metrics()));
say(thrown(() => new Node({}, { metrics: "yes" })));
say(thrown(() => new Node({}, { telemetry: {} })));
const node = new Node({}, { metrics: true });
const metrics = node.metrics();
say("nothing yet", metrics.served, metrics.made, metrics.actions);
const boundsMs = [1, 2, 5];
const durations = { count: 4, sumMs: 12, maxMs: 9, boundsMs, counts: [2, 1, 0, 1] };
say("quantiles", ...[0, 0.5, 0.75, 1].map((quantile) => quantileMs(durations, quantile)));
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: metrics(): the node counts nothing; make it with { metrics: true }
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.metrics: expected a boolean, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.telemetry: expected what otel() of runar-ts/telemetry returns, got an object
// nothing yet [] [] []
// quantiles 0 1 2 9
// end
// exit 0
