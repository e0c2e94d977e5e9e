import { type DestinationStream, pino } from "pino";

/** Lines of JSON on the standard output, without what each run has another of: times, ids, stacks. */
export function makeLogger(destination?: DestinationStream) {
  const options = {
    level: "debug",
    base: null,
    timestamp: false,
    redact: { paths: ["nodeId"], remove: true },
    serializers: { err: ({ name, message }: Error) => ({ name, message }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
