// Runs the step that its argument names; a process of its own, so that its output is kept apart.
import { steps } from "./list.mjs";

const [name] = process.argv.slice(2);
const step = steps.find((one) => one.name === name);
if (step === undefined) throw new Error(`there is no step ${name}`);
try {
  await step.run();
} catch (error) {
  // What a program printed says more than its exit code.
  if (error.exitCode === undefined) console.error(error);
  process.exitCode = 1;
}
