// Calls and events of pairs of members that take turns.
import { compare, countInRound } from "../rates.mjs";
import { figure, interleaved, ratio } from "../rounds.mjs";

/** The value below which a share of all is. */
function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
}

/** A chart of how many calls each pair makes a second, and one of how long they take. */
export async function measureCalls(pairs, { title, call, inFlight, first = 64 }) {
  const rounds = [];
  for (const pair of pairs) {
    await pair.check(call);
    const rate = async (count) => (await pair.call(call, count, inFlight)).rate;
    const count = await countInRound({ rate }, inFlight, first);
    rounds.push({ measure: () => pair.call(call, count, inFlight) });
  }
  const measured = await interleaved(rounds);
  const figures = (suffix, value) =>
    pairs.map(({ name }, index) => figure(`${name}${suffix}`, measured[index].map(value)));
  const latency = (share) =>
    figures(`, p${share * 100}`, ({ milliseconds }) => percentile(milliseconds, share));
  return {
    rates: { title, unit: "calls a second", figures: figures("", ({ rate }) => rate) },
    latencies: {
      title: `${title}: how long one takes`,
      unit: "ms",
      figures: [0.5, 0.99].flatMap(latency),
    },
  };
}

/** A chart of how many events each pair publishes and hears a second. */
export async function measureEvents(pairs, title) {
  const contestants = pairs.map((pair) => ({
    name: pair.name,
    rate: (count) => pair.eventRate(count),
  }));
  return { title, unit: "events a second", figures: await compare(contestants, 1, 64) };
}

/** For each chart of rates one of how many times as much `one` of its figures is as each other. */
export function beside(charts, one) {
  return charts.map(({ title, figures }) => ({
    title: `${title}: ${figures[one].name} beside the others, round by round`,
    unit: "x",
    figures: figures
      .filter((_, index) => index !== one)
      .map((other) => ratio(other.name, figures[one], other)),
  }));
}
