import { ActionError, Node, RunarError } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

class OutOfPaper extends Error {
  name = "OutOfPaper";
}
const thrown = [new RangeError("out of ink"), new OutOfPaper("tray 2"), "just text", 7, null];
const node = new Node({}, { localCalls: lane });
node.addService({
  name: "printer",
  path: "printer",
  actions: {
    now: (index) => {
      throw thrown[index];
    },
    later: async (index) => {
      await null;
      throw thrown[index];
    },
  },
});
await node.start();
for (const action of ["now", "later"]) {
  for (const [index, cause] of thrown.entries()) {
    const error = await rejection(node.request(`printer/${action}`, [index]));
    say(error);
    say("  classes", error instanceof ActionError, error instanceof RunarError);
    say("  the very cause", error.cause === cause, "details", error.details);
  }
}
await node.stop();
end();

// trace
// ActionError ERR_RUNAR_ACTION: printer/now: out of ink
//   classes true true
//   the very cause true details {path: "printer/now"}
// ActionError ERR_RUNAR_ACTION: printer/now: tray 2
//   classes true true
//   the very cause true details {path: "printer/now"}
// ActionError ERR_RUNAR_ACTION: printer/now: just text
//   classes true true
//   the very cause true details {path: "printer/now"}
// ActionError ERR_RUNAR_ACTION: printer/now: 7
//   classes true true
//   the very cause true details {path: "printer/now"}
// ActionError ERR_RUNAR_ACTION: printer/now: null
//   classes true true
//   the very cause true details {path: "printer/now"}
// ActionError ERR_RUNAR_ACTION: printer/later: out of ink
//   classes true true
//   the very cause true details {path: "printer/later"}
// ActionError ERR_RUNAR_ACTION: printer/later: tray 2
//   classes true true
//   the very cause true details {path: "printer/later"}
// ActionError ERR_RUNAR_ACTION: printer/later: just text
//   classes true true
//   the very cause true details {path: "printer/later"}
// ActionError ERR_RUNAR_ACTION: printer/later: 7
//   classes true true
//   the very cause true details {path: "printer/later"}
// ActionError ERR_RUNAR_ACTION: printer/later: null
//   classes true true
//   the very cause true details {path: "printer/later"}
// end
// exit 0
