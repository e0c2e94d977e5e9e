import { load } from "runar-ts-ffi";
import { end } from "../../kit.mjs";

load().fixtureLeak(1 << 20);
end();

// trace
// end
// exit 0
