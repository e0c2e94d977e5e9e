/** The program of the browser that is installed. Rejects, saying how to get one, when there is none. */
export function findChromium(): Promise<string>;
