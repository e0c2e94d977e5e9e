import { load } from "runar-ts-ffi";
import { end } from "../../kit.mjs";

load().fixtureReadFreed();
end();

// trace
// end
// exit 0
