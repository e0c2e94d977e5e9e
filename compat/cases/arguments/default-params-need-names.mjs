import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

const node = new Node({});
const add = (handler) => () => node.addService({ name: "a", path: "a", actions: { act: handler } });
say(describe(thrown(add((a = 1) => a))));
say(describe(thrown(add((...rest) => rest))));
say(describe(thrown(add({ handler: (a, b = 2) => [a, b] }))));
say(describe(thrown(add({ params: ["a"], handler: (a, b, c) => [a, b, c] }))));
end();

// trace
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.act: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.act: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.act: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.act.params: has 1 names; the handler takes 2 and a context
// end
// exit 0
