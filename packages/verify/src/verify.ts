import { access, constants, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { createBench } from "./bench/create-bench.ts";
import type { CommandDeps } from "./command-deps.ts";
import { confirm } from "./confirm.ts";
import { estimateOf } from "./estimate.ts";
import { Interrupted } from "./interrupted.ts";
import { type MeasurementRun, measureAll } from "./measure/measure-all.ts";
import type { Measurement } from "./measure/measurement.ts";
import { MEASUREMENTS } from "./measure/measurements.ts";
import type { VerifyOptions } from "./options.ts";
import { createLedger } from "./removal/ledger.ts";
import { type Leftover, removeAll } from "./removal/remove-all.ts";
import { findingsTable } from "./report/findings-table.ts";
import { mergeMappings } from "./report/merge-mappings.ts";
import type { VerifyReport } from "./report/report.ts";
import { PREFIX } from "./run-names.ts";

/**
 * Makes what it needs, measures, removes all of it, and tells what was found.
 * @returns true if all was measured and nothing is left
 * @throws SluiceError `not-confirmed`, `input-invalid`
 */
export async function verify(deps: CommandDeps, options: VerifyOptions): Promise<boolean> {
  const { only } = options;
  const measurements = MEASUREMENTS.filter(({ id }) => only === undefined || only.includes(id));
  announce(deps, measurements, options.rounds);
  if (options.output !== undefined) await refuseUnwritable(options.output);
  await confirm(options.yes, deps.surroundings);
  const startedAtMs = deps.surroundings.clock.nowMs();
  const run = await measureAndRemove(deps, measurements);
  await tell(deps, options, run, startedAtMs);
  const { runs, leftovers } = run;
  const isMeasured =
    runs.length === measurements.length && runs.every(({ failure }) => failure === undefined);
  return isMeasured && leftovers.length === 0;
}

function announce(
  { environment, names, surroundings }: CommandDeps,
  measurements: readonly Measurement[],
  rounds: number,
): void {
  const { minutes, dollars } = estimateOf(measurements, rounds);
  surroundings.tell(
    [
      `In account ${environment.accountId}, region ${environment.region}, this makes, and removes at its end:`,
      `  as far as they are needed 4 queues, 1 table, 2 functions, 2 roles and 2 event source mappings, named ${PREFIX}${names.suffix}-…`,
      `It measures: ${measurements.map(({ id }) => id).join(", ")}.`,
      `It takes ${minutes} minutes and $${dollars.toFixed(2)} at most.`,
    ].join("\n"),
  );
}

interface FinishedRun {
  readonly runs: readonly MeasurementRun[];
  readonly leftovers: readonly Leftover[];
}

async function measureAndRemove(
  { environment, account, names, timing, surroundings }: CommandDeps,
  measurements: readonly Measurement[],
): Promise<FinishedRun> {
  const ledger = createLedger();
  const { clock, ids, interrupt, tell } = surroundings;
  const runs: MeasurementRun[] = [];
  let leftovers: readonly Leftover[] = [];
  try {
    const bench = createBench({ account, clock, ids, timing, names, ledger, interrupt, say: tell });
    await measureAll(bench, measurements, (run) => {
      if (run.failure !== undefined) tell(`${run.measurement.id} was not measured: ${run.failure}`);
      runs.push(run);
    });
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
  } finally {
    // Also where a call failed, or all was measured, before the interruption was seen.
    if (interrupt.aborted) tell("Interrupted: removing what was made. Ctrl-C again leaves it there.");
    leftovers = await removeAll(account.remover, ledger.all(), tell);
    if (leftovers.length > 0)
      tell(`Remove it later with: npm run verify:aws -- --environment ${environment.name} --clean`);
  }
  return { runs, leftovers };
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

/** Asked before anything is measured, which takes an hour. */
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
