import { end } from "../../kit.mjs";

setInterval(() => undefined, 1000);
end();

// trace
// end
// exit 0
