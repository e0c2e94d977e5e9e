import * as sdk from "runar-ts";
import { end, say } from "../../kit.mjs";

const exported = new Map(Object.entries(sdk));
for (const name of [
  "Node",
  "Context",
  "defineAction",
  "defineService",
  "consoleSink",
  "RunarError",
]) {
  say(name, typeof exported.get(name));
}
end();

// trace
// Node function
// Context function
// defineAction function
// defineService function
// consoleSink function
// RunarError function
// end
// exit 0
