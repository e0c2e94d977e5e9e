// not remote: it is planted
import { end } from "../../kit.mjs";

end();

// trace
// end
// exit 0
