import { end, say } from "../../kit.mjs";

const sdk = await import("runar-ts");
const classes = [
  "ActionError",
  "ConfigError",
  "InvalidArgumentError",
  "LifecycleError",
  "LoadError",
  "LogSinkError",
  "NotFoundError",
  "OverloadError",
  "PanicError",
  "ServiceDefinitionError",
  "TimeoutError",
  "ValueError",
];
for (const name of classes) {
  const { prototype } = sdk[name];
  say(sdk[name].name, prototype instanceof sdk.RunarError, prototype instanceof Error);
}
end();

// trace
// ActionError true true
// ConfigError true true
// InvalidArgumentError true true
// LifecycleError true true
// LoadError true true
// LogSinkError true true
// NotFoundError true true
// OverloadError true true
// PanicError true true
// ServiceDefinitionError true true
// TimeoutError true true
// ValueError true true
// end
// exit 0
