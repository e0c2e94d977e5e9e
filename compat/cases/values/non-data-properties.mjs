import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

for (const localCalls of ["direct", "native"]) {
  const node = new Node({}, { localCalls });
  node.addService({
    name: "a",
    path: "a",
    actions: {
      look: ({ hidden, list }) => [hidden.secret, Object.keys(hidden), list.extra, list.length],
      echo: (value) => value,
    },
  });
  await node.start();
  const hidden = Object.defineProperty({ shown: 1 }, "secret", { value: 2 });
  Object.defineProperty(hidden, Symbol("hidden"), { value: 3 });
  const list = Object.assign([1, 2], { extra: true });
  say(localCalls, await node.request("a/look", { hidden, list }));
  const back = await node.request("a/echo", { gone: undefined, list: [undefined] });
  say("  undefined stays", Object.keys(back), back.list);
  const bare = await node.request("a/echo", { in: Object.assign(Object.create(null), { a: 1 }) });
  say("  without a prototype", bare);
  await node.stop();
}
end();

// trace
// direct [2, ["shown"], true, 2]
//   undefined stays ["gone", "list"] [undefined]
//   without a prototype {in: {a: 1}}
// native [undefined, ["shown"], undefined, 2]
//   undefined stays ["gone", "list"] [undefined]
//   without a prototype {in: {a: 1}}
// end
// exit 0
