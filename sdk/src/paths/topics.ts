/** The grammar of topics and of the patterns that match them. */

import { createError } from "../errors/errors.js";
import { kindOf } from "../validation/validator.js";

const MAX_TOPIC_LENGTH = 1024;

/** Refuses a topic, which `details` has. */
export function refuseTopic(topic: unknown, what: string): never {
  throw createError("ERR_RUNAR_INVALID_ARGUMENT", `topic ${JSON.stringify(topic)}: ${what}`, {
    details: { topic },
  });
}

/** Whether a topic has wildcards. */
export function isPattern(topic: string): boolean {
  return topic.includes("*") || topic.includes(">");
}

/** Topics are parts separated by `/`; `*` stands for one part, a last `>` for one or more. */
export function topicProblem(topic: string): string | undefined {
  if (topic.length > MAX_TOPIC_LENGTH) return `longer than ${MAX_TOPIC_LENGTH} characters`;
  const segments = topic.split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "") return "has an empty part";
    if (/[:{}\s\p{Cc}]/u.test(segment)) return "has spaces or one of : { }";
    if (segment === "*" || (segment === ">" && index === segments.length - 1)) continue;
    if (isPattern(segment)) return "* must be a part of its own, and > the last part";
  }
  return undefined;
}

/** The parts of a topic or a pattern. */
export function checkTopic(topic: unknown): string[] {
  if (typeof topic !== "string") refuseTopic(topic, `expected a string, got ${kindOf(topic)}`);
  const problem = topicProblem(topic);
  if (problem !== undefined) refuseTopic(topic.slice(0, 80), problem);
  return topic.split("/");
}

/** @throws InvalidArgumentError for a pattern, or for a topic that is the core's own. */
export function checkPublished(topic: string): void {
  checkTopic(topic);
  if (isPattern(topic)) refuseTopic(topic, "a pattern cannot be published to");
  if (topic.startsWith("$")) refuseTopic(topic, "topics that begin with $ are the core's own");
}

/** Whether the parts of a topic match those of a pattern. */
export function matchesTopic(pattern: readonly string[], topic: readonly string[]): boolean {
  for (const [index, segment] of pattern.entries()) {
    if (segment === ">") return topic.length > index;
    if (index >= topic.length || (segment !== "*" && segment !== topic[index])) return false;
  }
  return pattern.length === topic.length;
}
