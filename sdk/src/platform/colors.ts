/** The test whether output may be coloured. */

/** `NO_COLOR` and `FORCE_COLOR` have their say; else colours are for terminals. */
export function hasColors(stream: { isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== "0" : stream.isTTY === true && TERM !== "dumb";
}
