/** What happened when. */

const began = performance.now();

/** Prints one thing that happened. */
export function happened(who: string, what: string): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(2).padStart(7);
  console.log(`${seconds} s  ${who.padEnd(13)} ${what}`);
}

/** Prints what a part of the timeline is about. */
export function heading(text: string): void {
  console.log(`\n${text}`);
}
