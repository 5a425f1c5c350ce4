import { access, constants, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { freeConcurrency } from "./bench/free-concurrency.ts";
import { CallFailed } from "./call-failed.ts";
import type { CommandDeps } from "./command-deps.ts";
import { confirm } from "./confirm.ts";
import { type FinishedRun, measureAndRemove } from "./measure-and-remove.ts";
import type { VerifyOptions } from "./options.ts";
import { findingsTable } from "./report/findings-table.ts";
import { mergeMappings } from "./report/merge-mappings.ts";
import type { VerifyReport } from "./report/report.ts";
import { PREFIX } from "./run-names.ts";
import { estimateOf } from "./schedule/estimate.ts";
import { measurementsOf, type Schedule } from "./schedule/schedule.ts";
import { scheduleOf } from "./schedule/schedule-of.ts";
import { thingsOf } from "./schedule/things-of.ts";

/**
 * Makes what it needs, measures, removes all of it, and tells what was found.
 * @returns true if all was measured and nothing is left
 * @throws SluiceError `not-confirmed`, `input-invalid`
 */
export async function verify(deps: CommandDeps, options: VerifyOptions): Promise<boolean> {
  const { only, long: isLong } = options;
  const { rounds } = deps.timing;
  const schedule = scheduleOf({ only, rounds, isLong, freeConcurrency: await knownConcurrency(deps) });
  announce(deps, schedule);
  if (options.output !== undefined) await refuseUnwritable(options.output);
  await confirm(options.yes, deps.surroundings);
  const startedAtMs = deps.surroundings.clock.nowMs();
  const run = await measureAndRemove(deps, schedule);
  await tell(deps, options, run, startedAtMs);
  const { runs, leftovers } = run;
  const isMeasured =
    runs.length === measurementsOf(schedule).length && runs.every(({ failure }) => failure === undefined);
  return isMeasured && leftovers.length === 0;
}

/** Undefined where the credentials may not know: nothing is taken then that others may need. */
async function knownConcurrency({ account }: CommandDeps): Promise<number | undefined> {
  try {
    return await freeConcurrency({ account });
  } catch (thrown) {
    if (thrown instanceof CallFailed) return undefined;
    throw thrown;
  }
}

function announce({ environment, names, surroundings }: CommandDeps, schedule: Schedule): void {
  const { typicalMinutes, mostMinutes, dollars } = estimateOf(schedule);
  const stages = schedule.stages.map((stage) =>
    stage.map(({ measurements }) => measurements.map(({ id }) => id).join(", ")).join(" beside "),
  );
  surroundings.tell(
    [
      `In account ${environment.accountId}, region ${environment.region}, this makes, and removes at its end:`,
      `  ${thingsOf(schedule)}, named ${PREFIX}${names.suffix}-…`,
      "It measures:",
      ...stages.map((stage, at) => `  ${at + 1}. ${stage}`),
      `It takes about ${Math.ceil(typicalMinutes)} minutes, at most ${Math.ceil(mostMinutes)} minutes and $${dollars.toFixed(2)}.`,
    ].join("\n"),
  );
}

async function tell(
  { environment, surroundings }: CommandDeps,
  { json, output }: VerifyOptions,
  { runs, leftovers }: FinishedRun,
  startedAtMs: number,
): Promise<void> {
  const instant = (ms: number) => new Date(ms).toISOString();
  const report: VerifyReport = {
    version: 1,
    environment: environment.name,
    accountId: environment.accountId,
    region: environment.region,
    startedAt: instant(startedAtMs),
    endedAt: instant(surroundings.clock.nowMs()),
    findings: runs.flatMap(({ findings }) => findings),
    leftovers,
    mapping: mergeMappings(runs.map(({ mapping = {} }) => mapping)),
  };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (json) surroundings.out(text);
  else if (report.findings.length > 0) surroundings.out(findingsTable(report.findings));
  if (output === undefined) return;
  await write(output, text);
  surroundings.tell(`All findings are in ${output}.`);
}

/** Asked before anything is measured: what was found would be lost. */
async function refuseUnwritable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}

function unwritable(file: string, thrown: unknown): SluiceError {
  return new SluiceError(
    "input-invalid",
    `The findings can't be written to ${file}: ${messageOf(thrown)}. Give another file with --output`,
  );
}
