import { node } from "./_circle-a.mjs";

export const actions = { state: () => node.state };
