import { end, live, say } from "../../kit.mjs";

const events = ["uncaughtException", "unhandledRejection", "SIGINT", "SIGTERM", "SIGPIPE"];
const listeners = () => events.map((event) => process.listenerCount(event));
const before = { env: Object.keys(process.env).sort(), listeners: listeners() };
await import("runar-ts");
const { nodes, ...counts } = live();
say("nodes", nodes);
say("anything else", Object.values(counts).some(Boolean));
say("same listeners", String(listeners()) === String(before.listeners));
say("same environment", String(Object.keys(process.env).sort()) === String(before.env));
end();

// trace
// nodes 0
// anything else false
// same listeners true
// same environment true
// end
// exit 0
