import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { createScheduler, EnqueueInterrupted, type EnqueueResult } from "@sluice/core/scheduler";
import {
  checkRecords,
  INPUT_FORMATS,
  type InputFormat,
  openRecordFile,
  type RecordFile,
  readRecords,
  STDIN_PATH,
} from "@sluice/local/input";
import { Option } from "commander";
import { confirm } from "../confirm.ts";
import type { Connection } from "../connect/connection.ts";
import { createProgress } from "../output/progress.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { printable } from "../text/printable.ts";
import { spanOf } from "./order-times.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { countText } from "./run-text.ts";
import { tellWaited } from "./runs.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";
import { waitForRun } from "./wait-for-run.ts";

/** Options of `enqueue`. */
interface EnqueueOptions extends PlaceOptions {
  readonly inputFormat?: InputFormat;
  readonly express?: boolean;
  readonly run?: string;
  readonly maxAge?: string;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Rejected inputs that are named, of any number. */
const NAMED_MAX = 10;

/** Adds `enqueue`: records go into a provider's queue, as the scheduler SDK sends them. */
export const addEnqueue: AddVerb = (program, run) => {
  withPlace(program.command("enqueue <file>"))
    .description("enqueue the records of a file, or of standard input for -: ids, CSV or JSON")
    .addOption(
      new Option(
        "--input-format <format>",
        "format of the input (default: by its extension and content)",
      ).choices(INPUT_FORMATS),
    )
    .option("--express", "through the express lane: a user waits for them")
    .option("--run <id>", "name of the run; the same name again goes on with it, and enqueues nothing twice")
    .option("--max-age <time>", "records that have not started by then are not fetched, such as 12h")
    .option("--wait", "wait until each record has had its end; exit code 1 if one was not fetched")
    .option("--dry-run", "read the records and count them, and enqueue nothing")
    .option("--yes", "don't ask")
    .addHelpText(
      "after",
      examplesText(
        "enqueue customers.csv --provider acme --run 2026-11-21 --wait",
        "enqueue - --provider acme --express < ids.txt",
        "enqueue export.txt --provider acme --input-format ids --dry-run",
      ),
    )
    .action(run(enqueue));
};

async function enqueue(around: Surroundings, file: string, options: EnqueueOptions): Promise<number> {
  const connection = await around.connect(options);
  if (!options.dryRun && !(await mayGoOn(file, connection, options, around))) return EXIT.interrupted;
  const input = await open(file, options, around);
  if (input === undefined) return EXIT.interrupted;
  if (options.dryRun) return tellCount(input.recordCount, options, around);
  const enqueued = await send(input, connection, options, around);
  const { result, failure } = enqueued;
  if (failure !== undefined) around.stderr.write(`${failure}\n`);
  if (failure === undefined && options.wait) {
    const status = await waitForRun(result.runId, Number.POSITIVE_INFINITY, connection, around);
    if (!options.json) around.stdout.write(resultText(result));
    return tellWaited(status, options, around);
  }
  tell({ json: result, text: () => resultText(result) }, options, around);
  if (around.interrupt.aborted) return EXIT.interrupted;
  return failure === undefined && result.rejectedCount === 0 ? EXIT.fine : EXIT.badNews;
}

/** Records that can be read again and again, and their number. */
interface Input {
  readonly file: RecordFile;
  readonly recordCount: number;
}

/**
 * Reads the input to its end, so that a broken one is refused before anything of it is enqueued; undefined if the command
 * is interrupted meanwhile.
 * @throws InputInvalid
 */
async function open(
  path: string,
  { inputFormat }: EnqueueOptions,
  { stdin, stderr, interrupt }: Surroundings,
): Promise<Input | undefined> {
  if (path === STDIN_PATH && stdin.isTerminal) stderr.write("Reading records; end them with Ctrl-D.\n");
  try {
    const file = await openRecordFile({
      path,
      stdin: stdin.stream(),
      signal: interrupt,
      ...(inputFormat !== undefined && { format: inputFormat }),
    });
    return { file, ...(await checkRecords(file)) };
  } catch (thrown) {
    if (interrupt.aborted) return undefined;
    throw thrown;
  }
}

/** Only a place that nobody has named is asked about: the command line says all else. */
async function mayGoOn(
  file: string,
  connection: Connection,
  options: EnqueueOptions,
  around: Surroundings,
): Promise<boolean> {
  const { place } = connection;
  if (place.kind === "local" || place.isNamed) return true;
  return confirm(`enqueue the records of ${file}`, options, connection, around);
}

/** Enqueues records, and shows how many; what was enqueued before it ended early is a result, too. */
async function send(
  { file, recordCount }: Input,
  connection: Connection,
  { express = false, run, maxAge }: EnqueueOptions,
  around: Surroundings,
): Promise<{ readonly result: EnqueueResult; readonly failure?: string }> {
  const { provider, runs, rosters, fetches, history } = connection;
  const { lanes } = await connection.queues();
  const stores = { runs, rosters, fetches, history };
  const parts = { ...stores, queues: lanes, clock: around.clock, ids: systemIds, random: systemRandom };
  const progress = createProgress(around);
  try {
    const result = await createScheduler(provider, parts).enqueue(readRecords(file), {
      lane: express ? "express" : "records",
      ...(run !== undefined && { runId: run }),
      ...(maxAge !== undefined && { maxAgeMs: spanOf("--max-age", maxAge) }),
      signal: around.interrupt,
      onProgress: ({ accepted }) =>
        progress.show(`${countText(accepted)} of ${countText(recordCount)} enqueued`),
    });
    return { result };
  } catch (thrown) {
    if (thrown instanceof EnqueueInterrupted) return { result: thrown.result, failure: thrown.message };
    throw thrown;
  } finally {
    progress.end();
  }
}

function tellCount(recordCount: number, options: PlaceOptions, around: Surroundings): number {
  const json = { isDryRun: true, records: recordCount };
  tell({ json, text: () => `would enqueue ${countText(recordCount)} records\n` }, options, around);
  return EXIT.fine;
}

function resultText({ runId, accepted, duplicatesInRun, rejected, rejectedCount }: EnqueueResult): string {
  const named = rejected.slice(0, NAMED_MAX);
  return [
    `run ${printable(runId)}: ${countText(accepted)} enqueued`,
    `, ${countText(duplicatesInRun)} repeated ids left out, ${countText(rejectedCount)} rejected\n`,
    ...named.map(
      ({ index, id, reason }) =>
        `  record ${index + 1}, ${printable(JSON.stringify(id) ?? "nothing")}: ${printable(reason)}\n`,
    ),
    ...(rejectedCount > named.length ? [`  and ${countText(rejectedCount - named.length)} more\n`] : []),
  ].join("");
}
