/**
 * The symbols of `using` and `await using`. Node before 18.18 and Bun before 1.0.23 lack them; compilers
 * look for these very ones.
 */

function known<Name extends "dispose" | "asyncDispose">(name: Name): SymbolConstructor[Name] {
  if (!(name in Symbol)) {
    Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) });
  }
  return Symbol[name];
}

export const dispose: typeof Symbol.dispose = known("dispose");
export const asyncDispose: typeof Symbol.asyncDispose = known("asyncDispose");
