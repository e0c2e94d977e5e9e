import { defineService } from "runar-ts";

export const math = defineService({
  name: "math",
  path: "math",
  actions: { add: (a, b) => a + b },
});
export const loaded = { times: 0 };
loaded.times++;
