/** `doctor`: whether this machine has what a node needs. */

import type { Command } from "commander";
import { parseAddress, parseGroup } from "../arguments.js";
import { colors } from "../colors.js";
import { addonCheck } from "../doctor/addon.js";
import type { Check } from "../doctor/check.js";
import { keysCheck } from "../doctor/keys.js";
import { interfacesCheck, multicastChecks } from "../doctor/network.js";
import { portCheck } from "../doctor/port.js";
import { runtimeCheck } from "../doctor/runtime.js";
import { EXIT } from "../exits.js";
import { addKeyOptions, type KeyOptions } from "../keys.js";
import { waiting } from "../progress.js";
import { list } from "../table.js";
import { addCommand, type CommonOptions } from "./command.js";

interface DoctorOptions extends CommonOptions, KeyOptions {
  bind: string;
  multicastGroup: string;
}

const SIGNS: Readonly<Record<Check["status"], string>> = {
  ok: colors.green("ok"),
  warning: colors.yellow("warning"),
  failed: colors.red("failed"),
};

/** Adds the command. */
export function addDoctor(program: Command): void {
  const doctor = addCommand<DoctorOptions>(
    program,
    "doctor",
    "Looks at the runtime, the native addon, the network and the keys of this machine.",
    async (output, options) => {
      const checks = await waiting(output, "looking around", examine(options));
      const ok = checks.every(({ status }) => status !== "failed");
      output.print({ ok, checks }, () => checks.map(paragraph).join("\n\n"));
      if (!ok) process.exitCode = EXIT.failed;
    },
  )
    .option(
      "--bind <host:port>",
      "the address that a node is to listen on",
      parseAddress,
      "127.0.0.1:0",
    )
    .option("--multicast-group <address>", "the group of discovery", parseGroup, "239.255.42.98");
  addKeyOptions(doctor);
}

async function examine(options: DoctorOptions): Promise<Check[]> {
  return [
    runtimeCheck(),
    await addonCheck(),
    interfacesCheck(),
    ...(await multicastChecks(options.multicastGroup)),
    await portCheck(options.bind),
    await keysCheck(options),
  ];
}

function paragraph({ name, status, message, details }: Check): string {
  const lines = details.map(([key, text]): [string, string] => [`  ${key}`, text]);
  const head = `${colors.bold(name)}: ${SIGNS[status]}, ${message}`;
  return lines.length === 0 ? head : `${head}\n${list(lines)}`;
}
