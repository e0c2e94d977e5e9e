/** Mocks of services. */

import type { ActionDefinition, Actions } from "../api/action.js";
import { Context, type HandlerOf, type WithoutContext } from "../api/context.js";
import type { ServiceDefinition } from "../api/definition.js";
import { checkDefinition } from "../api/definition-checks.js";
import { type Handler, standInFor } from "../validation/parameters.js";
import { checkKeys } from "../validation/validator.js";

type AnyAction = Handler | ActionDefinition;

/** What a handler gets, without the context. */
type TakenBy<A extends AnyAction> =
  HandlerOf<A> extends (...args: infer Declared) => unknown ? WithoutContext<Declared> : never;

type GivenBy<A extends AnyAction> =
  HandlerOf<A> extends (...args: never[]) => infer Result ? Awaited<Result> : never;

/**
 * What a mock does, by the names of the actions: functions with the arguments and results that the
 * definition has. The context comes last; a promise of the result is a result too.
 *
 * @example
 * const answers: Implementations<(typeof stock)["actions"]> = { take: (isbn, count, ctx) => 3 - count };
 */
export type Implementations<A extends Actions> = {
  [Name in keyof A]?: (
    ...args: [...TakenBy<A[Name]>, context: Context]
  ) => GivenBy<A[Name]> | Promise<GivenBy<A[Name]>>;
};

/**
 * A call that a mock got.
 *
 * @example
 * assert.deepEqual(mock.calls.map(({ path, args }) => [path, args]), [["stock/take", ["emma", 1]]]);
 */
export type MockCall<A extends Actions> = {
  [Name in keyof A & string]: {
    /** The name of the action. */
    readonly action: Name;
    /** The path that was called: of `items/{id}`, with the part filled in. */
    readonly path: string;
    /** The arguments as the handler would have got them. */
    readonly args: TakenBy<A[Name]>;
  };
}[keyof A & string];

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * The service that `mockService()` makes; `node.addService` takes it like any other.
 *
 * @example
 * node.addService(mockService(stock, { take: () => 2 }));
 */
export class MockService<A extends Actions> implements ServiceDefinition<A> {
  readonly name: string;
  readonly path: string;
  readonly timeoutMs?: number;
  readonly actions: A;
  #calls: MockCall<A>[] = [];

  /** Use `mockService()`. */
  constructor(definition: ServiceDefinition<A>, implementations: Implementations<A>) {
    checkDefinition(definition);
    const names = Object.keys(definition.actions);
    checkKeys(implementations, names, "implementations");
    this.name = definition.name;
    this.path = definition.path;
    if (definition.timeoutMs !== undefined) this.timeoutMs = definition.timeoutMs;
    const actions = names.map((name) => {
      const action: AnyAction | undefined = definition.actions[name];
      // Which arguments a function takes is known to the types of its callers alone.
      const implementation = implementations[name] as AnyFunction | undefined;
      if (typeof action !== "object") return [name, this.#standIn(name, action, implementation)];
      return [name, { ...action, handler: this.#standIn(name, action.handler, implementation) }];
    });
    this.actions = Object.fromEntries(actions) as A;
  }

  /**
   * The calls so far, in order. What a schema or `params` has refused is not among them, as it would not
   * have reached the handler.
   */
  get calls(): readonly MockCall<A>[] {
    return this.#calls;
  }

  /**
   * The arguments of the calls of one action, in order.
   *
   * @example
   * assert.deepEqual(stock.callsOf("take"), [["emma", 1]]);
   */
  callsOf<Name extends keyof A & string>(name: Name): TakenBy<A[Name]>[] {
    return this.#calls.flatMap((call) => (call.action === name ? [call.args] : []));
  }

  /** A function with as many arguments as the real one, so that payloads become arguments as there. */
  #standIn(name: string, real: Handler | undefined, implementation: AnyFunction | undefined) {
    const standIn = (...taken: unknown[]) => {
      // A rest parameter gets no context.
      const context = taken.at(-1);
      const hasContext = context instanceof Context;
      const args = hasContext ? taken.slice(0, -1) : taken;
      const path = hasContext ? context.path : `${this.path}/${name}`;
      this.#calls.push({ action: name, path, args } as MockCall<A>);
      if (implementation === undefined) {
        throw new Error(`the mock of ${this.path} has no ${name}: give mockService() one`);
      }
      return implementation(...taken);
    };
    standInFor(standIn, real);
    return Object.defineProperty(standIn, "length", { value: real?.length ?? 0 });
  }
}

/**
 * A service that stands in for another in a test: with its path and its actions, of which those that
 * the test needs are given. Payloads are checked and become arguments as in the real one, by its `input`,
 * `output` and `params`. Its hooks and events are left out. It records its calls.
 *
 * An action that is called and was not given fails with an ActionError that names it.
 *
 * @throws ServiceDefinitionError for a definition that makes no sense; InvalidArgumentError for an
 * action that the definition does not have.
 * @example
 * const stockMock = mockService(stock, { take: (isbn, count) => 3 - count });
 * await using node = await createTestNode({ services: [orders, stockMock] });
 * await node.request("orders/place", { isbn: "emma", count: 1 });
 * assert.deepEqual(stockMock.callsOf("take"), [["emma", 1]]);
 */
export function mockService<A extends Actions>(
  definition: ServiceDefinition<A>,
  implementations: Implementations<A> = {},
): MockService<A> {
  return new MockService(definition, implementations);
}
