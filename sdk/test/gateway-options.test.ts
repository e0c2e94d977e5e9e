/** What `gateway` takes and refuses. */

import { inspect } from "node:util";
import { gateway } from "runar-ts/services";
import { afterEach, describe, expect, it } from "vitest";
import { failure, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

const token = "0123456789abcdef";

describe("the definition of a gateway", () => {
  it.each([
    [{ lisen: 0 }, "gateway.lisen: unknown key, did you mean listen?"],
    ...[undefined, 70_000, 1.5, -1, "8080", "example.org:80", "::1:80", "[127.0.0.1]:80"].map(
      (listen): [object, string] => [
        { listen },
        `gateway.listen: expected a port or an address like "127.0.0.1:8080" or "[::1]:8080", got ${JSON.stringify(listen)}`,
      ],
    ),
    [{ services: "a" }, "gateway.services: expected an array of the paths of services"],
    [{ safe: "a/b" }, "gateway.safe: expected an array of the paths of actions"],
    ...["a", "a/", "/a", "a//b", "$keys/x", ""].map((path): [object, string] => [
      { safe: [path] },
      `gateway.safe[0]: expected the path of an action like "shop/price", got ${JSON.stringify(path)}`,
    ]),
    [
      { services: ["b"], safe: ["b/c", "a/b"] },
      'gateway.safe[1]: the service "a" is not among gateway.services',
    ],
    [{ hosts: ["a", 1] }, "gateway.hosts: expected an array of the names of hosts"],
    ...["", "*", "a b", "http://a", "a:b", "a:70000", "[::1", "[a]:1", "a/b"].map(
      (host): [object, string] => [
        { hosts: [host] },
        `gateway.hosts[0]: expected a name like "shop.example.org" or "localhost:3000", got ${JSON.stringify(host)}`,
      ],
    ),
    ...[
      "",
      "*",
      "null",
      "app.example.org",
      "https://a.example/",
      "https://A.example",
      "ftp://a",
    ].map((origin): [object, string] => [
      { origins: [origin] },
      `gateway.origins[0]: expected an origin like "https://app.example.org", got ${JSON.stringify(origin)}`,
    ]),
    ...[
      ["0123456789abcde", "15 characters"],
      ["0123456789 abcdef", "17 characters"],
      ["0123456789abcdü0", "16 characters"],
      [null, "null"],
    ].map(([given, got]): [object, string] => [
      { token: given },
      `gateway.token: expected 16 or more letters, digits and -._~+/=, got ${got}`,
    ]),
    [{ authenticate: true }, "gateway.authenticate: expected a function, got a boolean"],
    [
      { token, authenticate: () => true },
      "gateway.authenticate: expected either a token or authenticate, got both",
    ],
    [{ maxBody: 0 }, "gateway.maxBody: expected a whole number from 1 to 268435456, got 0"],
    [{ maxHeaders: 1 }, "gateway.maxHeaders: expected a whole number from 1024 to 1048576, got 1"],
    [
      { maxConnections: 1.5 },
      "gateway.maxConnections: expected a whole number from 1 to 1000000, got 1.5",
    ],
    ...["headersTimeoutMs", "bodyTimeoutMs", "idleTimeoutMs"].map((key): [object, string] => [
      { [key]: "1" },
      `gateway.${key}: expected a whole number from 1 to 4294967295, got a string`,
    ]),
  ])("%j is refused", (options, message) => {
    const error = thrown(() => gateway({ path: "web", listen: 0, ...options } as never));
    expect(error).toMatchObject({ code: "ERR_RUNAR_SERVICE_DEFINITION", message });
    expect(inspect(error)).not.toContain("0123456789abc");
  });

  it("takes each option that there is", async () => {
    const node = makeNode();
    const web = gateway({
      path: "web",
      name: "web",
      description: "for people",
      listen: "127.0.0.1:0",
      services: ["a"],
      safe: ["a/b"],
      hosts: ["Shop.example.org", "localhost:3000", "[::1]:3000", "10.0.0.1"],
      origins: ["https://app.example.org", "http://localhost:5173", "http://[::1]:5173"],
      authenticate: () => true,
      maxBody: 1,
      maxHeaders: 1_024,
      maxConnections: 1,
      headersTimeoutMs: 1_000,
      bodyTimeoutMs: 1_000,
      idleTimeoutMs: 1_000,
    });
    node.addService(web);
    node.addService({ name: "a", path: "a", actions: { b: () => 1 } });
    await node.start();
    expect(await (await fetch(`${web.url}/a/b`)).text()).toBe("1");
  });

  it("does not reveal its token", () => {
    const web = gateway({ path: "web", listen: 0, token });
    const shown = inspect(web, { depth: 10, showHidden: true }) + JSON.stringify(web);
    expect(shown).not.toContain(token);
  });

  it("with a safe action that is not there fails the start of the node", async () => {
    const node = makeNode();
    node.addService(gateway({ path: "web", listen: 0, safe: ["a/b", "a/c"] }));
    node.addService({ name: "a", path: "a", actions: { b: () => 1 } });
    const { cause } = await failure(node.start());
    expect(cause).toMatchObject({
      code: "ERR_RUNAR_SERVICE_DEFINITION",
      message: 'gateway.safe: the gateway reaches no action "a/c"',
    });
  });
});
