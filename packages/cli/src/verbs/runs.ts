import { SluiceError } from "@sluice/core/errors";
import { cancelRun } from "@sluice/core/operator";
import { type RunStatus, summaryOf } from "@sluice/core/runs";
import { confirm } from "../confirm.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { type ChangeOptions, withChange } from "./change-options.ts";
import { spanOf } from "./order-times.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { countText, exitCodeOf, lostText, runText } from "./run-text.ts";
import { listRuns } from "./runs-list.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";
import { runOrThrow, waitForRun } from "./wait-for-run.ts";

/** Adds `runs list`, which `runs` alone means too, `runs show`, `runs wait` and `runs cancel`. */
export const addRuns: AddVerb = (program, run) => {
  const group = program
    .command("runs")
    .description("list the runs of a day, look at one, wait for it, or end it");
  withPlace(group.command("list", { isDefault: true }))
    .description(
      "list the runs of more than one record that began today, each with its counts by end, ETA and deadline",
    )
    .option("--day <date>", "a day on the provider's clock, such as 2026-11-21 (default: today)")
    .addHelpText("after", examplesText("runs", "runs --provider acme --day 2026-11-21 --json"))
    .action(run(listRuns));
  withPlace(group.command("show <run>"))
    .description("show a run: its records by end, rate, ETA and deadline")
    .option("--lost", "list the records that were not fetched, each with its cause")
    .addHelpText("after", examplesText("runs show 2026-11-21", "runs show 2026-11-21 --lost"))
    .action(run(show));
  withPlace(group.command("wait <run>"))
    .description("wait until each record of a run has had its end; exit code 1 if one was not fetched")
    .option("--timeout <time>", "give up after so long, with exit code 1")
    .addHelpText("after", examplesText("runs wait 2026-11-21 --timeout 6h"))
    .action(run(wait));
  withChange(group.command("cancel <run>"))
    .description("end a run before its time: what has not started is cancelled")
    .addHelpText("after", examplesText("runs cancel 2026-11-21 --reason 'the wrong file'"))
    .action(run(cancel));
};

async function show(
  around: Surroundings,
  runId: string,
  options: PlaceOptions & { readonly lost?: boolean },
): Promise<number> {
  const { runs, history } = await around.connect(options);
  const status = await runOrThrow(runId, { runs, history, clock: around.clock });
  if (!options.lost) {
    tellRun(status, options, around);
    return EXIT.fine;
  }
  for await (const record of status.records()) {
    around.stdout.write(options.json ? `${JSON.stringify(record)}\n` : lostText(record));
    if (around.interrupt.aborted) return EXIT.interrupted;
  }
  return EXIT.fine;
}

async function wait(
  around: Surroundings,
  runId: string,
  options: PlaceOptions & { readonly timeout?: string },
): Promise<number> {
  const { timeout } = options;
  const connection = await around.connect(options);
  const untilMs =
    timeout === undefined ? Number.POSITIVE_INFINITY : around.clock.nowMs() + spanOf("--timeout", timeout);
  return tellWaited(await waitForRun(runId, untilMs, connection, around), options, around);
}

/** Tells how a run is after the wait for it, and answers with the exit code. */
export function tellWaited(status: RunStatus, options: PlaceOptions, around: Surroundings): number {
  tellRun(status, options, around);
  if (status.state === "completed") return exitCodeOf(status);
  return around.interrupt.aborted ? EXIT.interrupted : EXIT.badNews;
}

function tellRun(status: RunStatus, options: PlaceOptions, around: Surroundings): void {
  tell({ json: summaryOf(status), text: (style) => runText(status, style) }, options, around);
}

const NO_REASON = "no reason given";

async function cancel(around: Surroundings, runId: string, options: ChangeOptions): Promise<number> {
  const connection = await around.connect(options);
  const { steering, runs, history } = connection;
  const { reason = NO_REASON } = options;
  const request = { runId, by: await connection.nameOperator(), reason };
  const deps = { ...steering, runs, history };
  const give = async (isDryRun: boolean) => {
    const answer = await cancelRun({ ...request, isDryRun }, deps);
    if (answer.kind === "refused") throw new SluiceError("order-refused", answer.hint);
    return answer.status;
  };
  const before = await give(true);
  const what = `cancel run ${runId}, ${countText(before.open)} of whose ${countText(before.accepted)} records are open`;
  if (options.dryRun) {
    tell({ json: { isDryRun: true, ...summaryOf(before) }, text: () => `would ${what}\n` }, options, around);
    return EXIT.fine;
  }
  if (!(await confirm(what, options, connection, around))) return EXIT.interrupted;
  tellRun(await give(false), options, around);
  return EXIT.fine;
}
