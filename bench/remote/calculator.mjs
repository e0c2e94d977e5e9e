// What is called, whatever carries the calls: the actions of crates/test-peer's calculator that are
// measured.
export const add = ({ a, b }) => a + b;
export const greet = ({ name }) => `Hello, ${name}!`;
