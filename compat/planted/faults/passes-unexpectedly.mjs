import { end } from "../../kit.mjs";

end();

// trace
// end
// exit 0
