import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

let records = 0;
const node = new Node(
  {},
  {
    logger: () => {
      if (++records < 1_000_000) node.logger.info("again");
    },
  },
);
node.logger.info("first");
setTimeout(() => {
  say("a timer fired", records < 1_000_000);
  say("and something was logged", records > 0);
  node.setLogLevel("off");
  end();
}, 5);

// trace
// a timer fired true
// and something was logged true
// end
// exit 0
