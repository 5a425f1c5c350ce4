import { Command, Option } from "commander";
import { interruptSignal } from "../../command/interrupt.ts";
import { runCommand } from "../../command/run-command.ts";
import { wholeNumber } from "../../command/whole-number.ts";
import { textTable } from "../../lab/tables.ts";
import { WITHOUT_WISHES } from "./lanes-run.ts";
import type { LanesCase } from "./lanes-story.ts";
import type { LanesFigures } from "./run-lanes.ts";
import { runLanesApart } from "./run-lanes-apart.ts";

const EXIT_INTERRUPTED = 130;
const SEED_MAX = 1_000_000_000;

const EXPRESS = ["some", "bursts", "none", "flood"] as const;
const CALLS_MS = [1_000, 20_000];
const X_MAX = 1_000;
const X_DEFAULT: readonly number[] = [1, 5, 20, 50];

interface LanesOptions {
  readonly seed: number;
  readonly express: readonly LanesCase["express"][];
  readonly x: readonly number[];
}

const COLUMNS = [
  { name: "express" },
  { name: "X", fractionDigits: 0 },
  { name: "call s", fractionDigits: 0 },
  { name: "wait p50 s" },
  { name: "p95 s" },
  { name: "bulk/min" },
  { name: "share %", fractionDigits: 1 },
  { name: "p50 s, no wishes" },
  { name: "p95 s" },
  { name: "bulk/min" },
  { name: "share %", fractionDigits: 1 },
];

async function main(args: readonly string[]): Promise<number> {
  const { seed, express: kinds, x } = lanesCommand().parse(args, { from: "user" }).opts<LanesOptions>();
  const cases = kinds.flatMap((express) =>
    x.flatMap((maxConcurrency) => CALLS_MS.map((latencyMs) => ({ maxConcurrency, latencyMs, express }))),
  );
  const signal = interruptSignal(EXIT_INTERRUPTED);
  const rows = [];
  for (const lanes of cases) {
    if (signal.aborted) break;
    process.stderr.write(`${rows.length + 1} of ${cases.length}\n`);
    const { express, maxConcurrency, latencyMs } = lanes;
    const figures = await runLanesApart({ lanes, seed }, signal);
    const without = await runLanesApart({ lanes, seed, mutant: WITHOUT_WISHES }, signal);
    rows.push([
      express,
      maxConcurrency,
      latencyMs / 1_000,
      ...cellsOf(lanes, figures),
      ...cellsOf(lanes, without),
    ]);
  }
  const caption =
    "Express records beside a full backlog of the bulk: their wait, and the bulk's calls a minute and share";
  process.stdout.write(textTable({ caption, columns: COLUMNS, rows }));
  return signal.aborted ? EXIT_INTERRUPTED : 0;
}

function lanesCommand(): Command {
  return new Command("npm run lanes --")
    .description(
      "Measures how long express records wait beside a full backlog of the bulk, by the production code on virtual time.\nTakes some minutes.",
    )
    .addOption(new Option("--seed <n>", "draws latencies").argParser(wholeNumber(1, SEED_MAX)).default(1))
    .addOption(
      new Option("--express <kind...>", "express records: one or ten now and then, none, or a flood")
        .choices(EXPRESS)
        .default(EXPRESS, "all"),
    )
    .addOption(
      new Option("--x <n...>", "most calls at once")
        .argParser((text: string, before: readonly number[] | undefined) => [
          ...(before === X_DEFAULT ? [] : (before ?? [])),
          wholeNumber(1, X_MAX)(text),
        ])
        .default(X_DEFAULT, "1 5 20 50"),
    )
    .showHelpAfterError("(see --help)")
    .allowExcessArguments(false)
    .exitOverride((error) => {
      error.exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
}

/** The waits of a flood are those of a queue, and say nothing. */
function cellsOf({ express }: LanesCase, figures: LanesFigures | undefined): (number | undefined)[] {
  if (figures === undefined) return [undefined, undefined, undefined, undefined];
  const { waitP50Ms, waitP95Ms, bulkPerMinute, expressPerMinute } = figures;
  const secondsOf = (ms: number | undefined) =>
    ms === undefined || express === "flood" ? undefined : ms / 1_000;
  const share = (100 * bulkPerMinute) / (bulkPerMinute + expressPerMinute);
  return [secondsOf(waitP50Ms), secondsOf(waitP95Ms), bulkPerMinute, share];
}

await runCommand(main);
