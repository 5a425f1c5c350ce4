import { readEnvironments } from "@sluice/aws/file-environments";
import type { Environment } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { runCommand } from "@sluice/sim/command";
import { createAwsAccount } from "./aws/account.ts";
import { createClients, destroyAll } from "./aws/clients.ts";
import { EXIT, runVerify } from "./command.ts";
import { parseVerifyOptions } from "./options.ts";
import { runNamesOf } from "./run-names.ts";
import { systemSurroundings } from "./system-surroundings.ts";
import { AWS_TIMING } from "./timing.ts";

async function main(args: readonly string[]): Promise<number> {
  const options = parseVerifyOptions(args);
  const environment = await environmentNamed(options.environment);
  const surroundings = systemSurroundings(EXIT.interrupted);
  const names = runNamesOf(surroundings.ids.next());
  const clients = createClients(environment.region);
  const account = createAwsAccount({
    clients,
    clock: surroundings.clock,
    marks: { suffix: names.suffix, tags: environment.tags },
    interrupt: surroundings.interrupt,
    permissionsBoundaryArn: environment.permissionsBoundaryArn,
  });
  const timing = { ...AWS_TIMING, rounds: options.rounds };
  try {
    return await runVerify({ environment, account, names, timing, surroundings }, options);
  } finally {
    destroyAll(clients);
  }
}

async function environmentNamed(name: string): Promise<Environment> {
  const all = await readEnvironments();
  const environment = all.find((one) => one.name === name);
  if (environment !== undefined) return environment;
  const known = all.length === 0 ? "there is none yet" : `there are ${all.map((one) => one.name).join(", ")}`;
  throw new SluiceError(
    "input-invalid",
    `environments/${name}.json has to say which account and region; ${known}. docs/deploy.md shows one`,
  );
}

await runCommand(main, { "call-failed": EXIT.incomplete });
