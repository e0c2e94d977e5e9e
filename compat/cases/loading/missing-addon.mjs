import { end, say } from "../../kit.mjs";

process.env.RUNAR_TS_FFI_PATH = "/nowhere/addon.node";
try {
  await import("runar-ts");
  say("it loaded");
} catch (error) {
  say(error.name, error.code, String(error.retryable));
  const [first, second, third] = error.message.split("\n");
  say(first.replace(/on \S+$/, "on <platform>"));
  say(second);
  say(third.split(": ")[0]);
}
end("unknown");

// trace
// LoadError ERR_RUNAR_LOAD false
// The native addon of runar-ts could not be loaded on <platform>
// Tried:
//   /nowhere/addon.node
// end
// exit 0
