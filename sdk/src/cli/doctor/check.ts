/** What the doctor finds. */

/** One thing that was looked at. */
export interface Check {
  name: string;
  /** A warning tells of something that some nodes can do without. */
  status: "ok" | "warning" | "failed";
  message: string;
  /** What was found, by name. */
  details: [string, string][];
}
