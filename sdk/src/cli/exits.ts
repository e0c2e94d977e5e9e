/** The codes with which the program ends. Scripts rely on them: the command line page lists them. */

/** Each code by its name. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  keys: 3,
  network: 4,
  notFound: 5,
  action: 6,
  timeout: 7,
} as const;

/** What each code means, for `--help` and the page. */
export const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "done",
  failed: "failed for another reason than those below; doctor: a check failed",
  usage: "the command line, a payload or a file makes no sense",
  keys: "keys are missing, cannot be opened, or are not accepted",
  network: "a peer cannot be reached, or the port cannot be had",
  notFound: "nobody has this path",
  action: "the action failed",
  timeout: "not done in time",
};

const BY_CLASS: Readonly<Record<string, keyof typeof EXIT>> = {
  ConfigError: "usage",
  ServiceDefinitionError: "usage",
  IdentityError: "keys",
  NetworkError: "network",
  NotFoundError: "notFound",
  ActionError: "action",
  PanicError: "action",
  InvalidArgumentError: "action",
  ValueError: "action",
  SqlError: "action",
  OverloadError: "action",
  TimeoutError: "timeout",
};

/** A failure whose exit code and advice are known where it happens. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exit: keyof typeof EXIT;
  /** What the user can do about it. */
  readonly advice: string | undefined;

  constructor(exit: keyof typeof EXIT, message: string, advice?: string) {
    super(message);
    this.exit = exit;
    this.advice = advice;
  }
}

/** The code for what was thrown. The classes go by their names: the addon may not be there. */
export function exitOf(thrown: unknown): keyof typeof EXIT {
  if (thrown instanceof CliError) return thrown.exit;
  if (!(thrown instanceof Error)) return "failed";
  if (isAboutAnAddress(thrown)) return "network";
  return BY_CLASS[thrown.name] ?? "failed";
}

/** A node that does not start may owe that to its services or to its port. */
function isAboutAnAddress(error: Error): boolean {
  const details = "details" in error ? error.details : undefined;
  return typeof details === "object" && details !== null && "address" in details;
}
