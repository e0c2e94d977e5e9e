import winston from "winston";

/** What handlers add to their records, beside where and why they were written. */
const SHOWN = ["requestId", "isbn", "payment", "error"] as const;

/** A line for each entry, on the standard output; times are left out, as each run has others. */
const line = winston.format.printf(({ level, message, service, action, ...rest }) => {
  const where = service === undefined ? "program" : `${service}/${action}`;
  const { error } = rest;
  const shown = {
    ...Object.fromEntries(SHOWN.map((name) => [name, rest[name]])),
    ...(error instanceof Object && "message" in error && { error: error.message }),
  };
  return `${level} ${where}: ${message} ${JSON.stringify(shown)}`;
});

export function makeLogger(transport: winston.transport = new winston.transports.Console()) {
  return winston.createLogger({ level: "debug", format: line, transports: [transport] });
}
