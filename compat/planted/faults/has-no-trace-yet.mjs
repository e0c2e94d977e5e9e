import { end } from "../../kit.mjs";

end();
