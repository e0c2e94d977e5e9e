import { end, rejection, say } from "../../kit.mjs";
import { pair } from "../network/_members.mjs";
import { rows } from "./_rows.mjs";

const actions = {
  "items/{id}": (ctx) => ctx.params.id,
  throws: () => {
    throw new Error("no");
  },
};
const prepare = (_, b) => b.addService({ name: "there", path: "there", actions });
const { here, there } = await pair(prepare, {}, { metrics: true });
for (const id of ["7", "8", "9"]) await here.request(`there/items/${id}`);
await rejection(here.request("there/throws"));
await there.request("there/items/7");
for (const row of rows(here.metrics())) say("here", ...row);
for (const row of rows(there.metrics())) say("there", ...row);
await Promise.all([here.stop(), there.stop()]);
end();
