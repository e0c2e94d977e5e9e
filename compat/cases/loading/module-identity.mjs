import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const again = await import("runar-ts");
say("same class", String(again.Node === Node));
say("errors are of one class", String(again.RunarError === (await import("runar-ts")).RunarError));
end();

// trace
// same class true
// errors are of one class true
// end
// exit 0
