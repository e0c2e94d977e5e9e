/** Unsupported values and their errors; `$` stands for the path of the value. */

class Money {
  constructor(readonly cents = 1) {}
}
class Priced {
  toJSON() {
    return 1;
  }
}

function deep(levels: number): object {
  let value = {};
  for (let level = 0; level < levels; level++) value = { in: value };
  return value;
}

function cycle(): object {
  const root: Record<string, unknown> = { list: [{}] };
  (root.list as object[])[0] = { back: root };
  return root;
}

function inner(): object {
  const child: Record<string, unknown> = { name: "child" };
  child.self = child;
  return { child };
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

function throwing(key: string): object {
  return Object.defineProperty({ fine: 1 }, key, {
    enumerable: true,
    get: () => {
      throw new RangeError("no");
    },
  });
}

const lying = (handler: ProxyHandler<unknown[]>) => new Proxy([1, "a"], handler);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

export const refused: readonly [name: string, make: () => unknown, message: string][] = [
  ["a function", () => () => 1, "$: a function cannot cross; leave it out"],
  ["a class", () => Money, "$: a class cannot cross"],
  ["a method", () => ({ run() {} }), "$.run: a function cannot cross; leave it out"],
  ["an own toJSON", () => ({ toJSON: () => 1 }), "$.toJSON: a function cannot cross; leave it out"],
  ["a symbol", () => Symbol("s"), "$: a symbol cannot cross; send a string"],
  ["a symbol in an array", () => [1, Symbol("s")], "$[1]: a symbol cannot cross; send a string"],
  [
    "a symbol as a key",
    () => ({ a: { [Symbol("k")]: 1 } }),
    "$.a: a symbol as a key (Symbol(k)) cannot cross; use a string",
  ],
  ["a Date", () => new Date(0), "$: a Date cannot cross; send toISOString()"],
  [
    "a Date deep inside",
    () => ({ items: [1, 2, 3, { when: new Date() }] }),
    "$.items[3].when: a Date cannot cross; send toISOString()",
  ],
  ["an invalid Date", () => new Date(Number.NaN), "$: a Date cannot cross; send toISOString()"],
  ["a Map", () => new Map(), "$: a Map cannot cross; send Object.fromEntries(it), or [...it]"],
  ["a Set", () => ({ s: new Set([1]) }), "$.s: a Set cannot cross; send [...it]"],
  ["a WeakMap", () => new WeakMap(), "$: a WeakMap cannot cross; leave it out"],
  ["a WeakSet", () => new WeakSet(), "$: a WeakSet cannot cross; leave it out"],
  ["a WeakRef", () => new WeakRef({}), "$: a WeakRef cannot cross; leave it out"],
  ["a RegExp", () => /x/g, "$: a RegExp cannot cross; send its source and its flags"],
  ["an Error", () => new TypeError("x"), "$: an Error cannot cross; send { name, message }"],
  ["a Promise inside", () => [Promise.resolve(1)], "$[0]: a Promise cannot cross; await it first"],
  ["a Number object", () => Object(1), "$: a Number cannot cross; send valueOf()"],
  ["a String object", () => Object("s"), "$: a String cannot cross; send valueOf()"],
  ["a Boolean object", () => Object(true), "$: a Boolean cannot cross; send valueOf()"],
  ["a BigInt object", () => Object(1n), "$: a BigInt cannot cross; send valueOf()"],
  ["a Symbol object", () => Object(Symbol("s")), "$: a Symbol cannot cross; send a string"],
  [
    "a bigint beyond u64",
    () => 2n ** 64n,
    "$: the bigint fits neither i64 nor u64; send it as a string",
  ],
  [
    "a bigint below i64",
    () => ({ id: -(2n ** 63n) - 1n }),
    "$.id: the bigint fits neither i64 nor u64; send it as a string",
  ],
  [
    "an ArrayBuffer",
    () => new ArrayBuffer(1),
    "$: an ArrayBuffer cannot cross; send new Uint8Array(it)",
  ],
  [
    "a SharedArrayBuffer",
    () => new SharedArrayBuffer(1),
    "$: a SharedArrayBuffer cannot cross; send new Uint8Array(it)",
  ],
  [
    "a DataView",
    () => new DataView(new ArrayBuffer(1)),
    "$: a DataView cannot cross; send new Uint8Array(it.buffer, it.byteOffset, it.byteLength)",
  ],
  ...(
    [
      "Int8Array",
      "Uint8ClampedArray",
      "Int16Array",
      "Uint16Array",
      "Int32Array",
      "Uint32Array",
      "Float32Array",
      "Float64Array",
      "BigInt64Array",
      "BigUint64Array",
    ] as const
  ).map((name): [string, () => unknown, string] => [
    name,
    () => ({ data: new globalThis[name](2) }),
    `$.data: ${/^[IU]/.test(name) && !name.startsWith("Uint") ? "an" : "a"} ${name} cannot cross; send Array.from(it), or its bytes as a Uint8Array`,
  ]),
  [
    "bytes with a detached buffer",
    () => ({ file: detached() }),
    "$.file: a Uint8Array whose buffer was transferred away cannot cross; send a copy",
  ],
  [
    "a class instance",
    () => ({ price: new Money() }),
    "$.price: a Money cannot cross; send a plain object, such as { ...it }",
  ],
  [
    "a class instance with toJSON",
    () => [new Priced()],
    "$[0]: a Priced cannot cross; send its toJSON()",
  ],
  [
    "an object with its own prototype",
    () => Object.create({ a: 1 }),
    "$: an object that inherits from another cannot cross; send a plain one",
  ],
  ["a URL", () => new URL("http://a/"), "$: a URL cannot cross; send its href"],
  [
    "a generator",
    () => (function* () {})(),
    "$: a Generator cannot cross; send a plain object, such as { ...it }",
  ],
  ["a cycle", cycle, "$.list[0].back: leads back to $; a cycle cannot cross"],
  ["a cycle inside", inner, "$.child.self: leads back to $.child; a cycle cannot cross"],
  [
    "an array that contains itself",
    () => {
      const array: unknown[] = [];
      array.push(array);
      return array;
    },
    "$[0]: leads back to $; a cycle cannot cross",
  ],
  ["129 levels", () => deep(129), `$${".in".repeat(128)}: nested deeper than 128 levels`],
  ["100,000 levels", () => deep(100_000), `$${".in".repeat(128)}: nested deeper than 128 levels`],
  [
    "a hole",
    () => Object.assign([], { 0: 1, 2: 3 }),
    "$[1]: a hole in an array cannot cross; send null or undefined",
  ],
  [
    "an array of four billion holes",
    () => new Array(2 ** 32 - 1),
    "$[0]: a hole in an array cannot cross; send null or undefined",
  ],
  [
    "half of a surrogate pair",
    () => ({ name: "a\ud800b" }),
    "$.name: a string with half of a surrogate pair is no Unicode; send toWellFormed(), or bytes",
  ],
  [
    "half of a surrogate pair in a key",
    () => ({ "\udc00": 1 }),
    '$: the key "\\udc00": a string with half of a surrogate pair is no Unicode; send toWellFormed(), or bytes',
  ],
  [
    "half of a surrogate pair in a long string",
    () => [`${"x".repeat(1000)}\udfff`],
    "$[0]: a string with half of a surrogate pair is no Unicode; send toWellFormed(), or bytes",
  ],
  ["a getter that throws", () => throwing("total"), "$.total: reading it threw: no"],
  ["a key that is not an identifier", () => throwing("a b"), '$["a b"]: reading it threw: no'],
  [
    "a proxy that refuses its keys",
    () => ({
      p: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new RangeError("no");
          },
        },
      ),
    }),
    "$.p: reading it threw: no",
  ],
  [
    "a proxy that lies about its length",
    () => lying({ get: (array, key) => (key === "length" ? -1 : Reflect.get(array, key)) }),
    "$: says that its length is -1",
  ],
  [
    "a proxy whose length is a text",
    () => lying({ get: (array, key) => (key === "length" ? "2" : Reflect.get(array, key)) }),
    "$: says that its length is 2",
  ],
  [
    "a proxy that claims items it does not have",
    () => lying({ get: (array, key) => (key === "length" ? 4e9 : Reflect.get(array, key)) }),
    "$[2]: a hole in an array cannot cross; send null or undefined",
  ],
  [
    "a revoked proxy",
    () => ({ p: revoked() }),
    "$.p: reading it threw: Cannot perform 'IsArray' on a proxy that has been revoked",
  ],
];
