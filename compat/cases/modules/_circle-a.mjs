import { Node } from "runar-ts";
import { actions } from "./_circle-b.mjs";

export const node = new Node({});
node.addService({ name: "circle", path: "circle", actions });
