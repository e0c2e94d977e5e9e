// Measures the suites that are named. Started by ci/commands/bench.mjs.
import { chalk, minimist } from "zx";
import { barChart, readable, table } from "./chart.mjs";
import { machineFacts, writeResults } from "./results.mjs";
import { ROUNDS } from "./rounds.mjs";

const {
  _: suites,
  profile,
  command,
  publish,
  "published-addon": publishedAddon,
  "small-addon": smallAddon,
  "installed-project": installedProject,
  "test-peer": testPeer,
  "nats-server": natsServer,
} = minimist(process.argv.slice(2), { boolean: ["publish"] });
const built = { publishedAddon, smallAddon, installedProject, testPeer, natsServer };

function judge(aim) {
  const { atLeast = -Infinity, atMost = Infinity, measured } = aim;
  return { ...aim, met: measured >= atLeast && measured <= atMost };
}

function aimTable(aims) {
  const rows = aims.map(({ what, unit, atLeast, atMost, measured, met }) => [
    met ? "  met    " : "  not met",
    what,
    `${readable(measured)} ${unit}`,
    atLeast === undefined ? `at most ${atMost} ${unit}` : `at least ${atLeast} ${unit}`,
  ]);
  return table([["  ", "aim", "measured", "aimed at"], ...rows])
    .replaceAll("  met    ", chalk.green("  met    "))
    .replaceAll("  not met", chalk.red("  not met"));
}

const machine = machineFacts();
console.log(`${machine.cpu}, ${machine.cores} cores; Node ${machine.node}; addon: ${profile}`);
console.log(`Medians of ${ROUNDS} rounds, with the extremes in parentheses.`);
for (const name of suites) {
  console.log(chalk.bold(`\n${name}`));
  const suite = await import(`./suites/${name}.mjs`);
  const { charts, aims } = await suite.measure(built);
  const judged = aims.map(judge);
  for (const { title, unit, figures } of charts) console.log(`${barChart(title, unit, figures)}\n`);
  if (judged.length > 0) console.log(`${aimTable(judged)}\n`);
  const results = {
    command: `${command} ${name}`,
    ...{ machine, addon: profile, charts, aims: judged },
  };
  const file = await writeResults(name, results, publish ? "published" : "results");
  console.log(chalk.dim(`written: ${file}`));
}
