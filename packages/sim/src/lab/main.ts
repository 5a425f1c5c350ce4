import { writeFile } from "node:fs/promises";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { sluiceLaw } from "@sluice/core/law";
import { interruptSignal } from "../command/interrupt.ts";
import { runCommand } from "../command/run-command.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";
import { htmlReport } from "../report/html-report.ts";
import { runOnThreads } from "../threads/thread-pool.ts";
import { drawScenario } from "./draw/draw-scenario.ts";
import { lawSetupsNamed } from "./laws.ts";
import { type LabOptions, parseLabOptions } from "./options.ts";
import { createLabProgress } from "./progress.ts";
import { readMeasuredMapping } from "./read-measured-mapping.ts";
import { replayedScenario } from "./replay/replayed-scenario.ts";
import type { CaseRun, LabResult } from "./run-case.ts";
import { readQuickScenarios, readScenarios } from "./scenario-files.ts";
import { shrinkCommand } from "./shrink/shrink-command.ts";
import { lawQuantilesTable, worstTable } from "./space-tables.ts";
import { scenarioTable, summaryTable, textTable } from "./tables.ts";
import type { CaseRequest } from "./thread.ts";

/** The exit code after Ctrl-C. */
const EXIT_INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseLabOptions(args);
  const interrupt = interruptSignal(EXIT_INTERRUPTED);
  const { shrink } = options;
  if (shrink !== undefined) return shrinkCommand({ ...options, shrink }, interrupt);
  return compare(options, interrupt);
}

/** Runs laws through scenarios and tells their figures. */
async function compare(options: LabOptions, interrupt: AbortSignal): Promise<number> {
  const setups = lawSetupsNamed(options.law);
  const scenarios = await onMeasuredMappings(await scenariosOf(options), options);
  const requests = scenarios.flatMap((scenario) =>
    setups.flatMap(({ name }) =>
      seedsFor(name, options).map(
        (seed): CaseRequest => ({
          scenario,
          law: name,
          seed,
          hasTrace: seed === 1 && options.html !== undefined,
        }),
      ),
    ),
  );
  const runs = await runAll(requests, scenarios, options, interrupt);
  await tell(runs, scenarios, requests.length, options);
  return interrupt.aborted ? EXIT_INTERRUPTED : 0;
}

async function scenariosOf(options: LabOptions): Promise<readonly Scenario[]> {
  const { quick, random, from, scenario, replay, json } = options;
  if (replay !== undefined) {
    // JSON is for a program, which is to find nothing else there.
    const stream = json ? process.stderr : process.stdout;
    return [await replayedScenario({ ...options, replay }, (table) => void stream.write(`${table}\n`))];
  }
  if (quick) return readQuickScenarios();
  if (random === undefined) return readScenarios(scenario);
  return Array.from({ length: random }, (_, at) => drawScenario(from + at));
}

/** The scenarios with the mappings of a file in place of their own, if there is one. */
async function onMeasuredMappings(
  scenarios: readonly Scenario[],
  { mapping: file }: LabOptions,
): Promise<readonly Scenario[]> {
  if (file === undefined) return scenarios;
  const measured = await readMeasuredMapping(file);
  return scenarios.map((scenario) => ({ ...scenario, valve: { ...scenario.valve, measured } }));
}

/** The Sluice law gets more seeds than the others, because it is the one in question. */
function seedsFor(law: string, { seeds, baselineSeeds }: LabOptions): readonly number[] {
  const count = law === sluiceLaw.name ? seeds : Math.min(seeds, baselineSeeds);
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** Runs everything; prints each scenario's table when all of its runs are done. */
async function runAll(
  requests: readonly CaseRequest[],
  scenarios: readonly Scenario[],
  { json, jobs, random }: LabOptions,
  signal: AbortSignal,
): Promise<readonly CaseRun[]> {
  const progress = createLabProgress(process.stderr, requests.length);
  const perScenario = requests.length / scenarios.length;
  const byRequest = new Map<CaseRequest, CaseRun>();
  // In the order of the requests, whichever thread was faster.
  const runsSoFar = () => requests.flatMap((request) => byRequest.get(request) ?? []);
  await runOnThreads<CaseRequest, CaseRun>(requests, {
    body: new URL("./thread.ts", import.meta.url),
    threadCount: Math.min(jobs, requests.length),
    signal,
    onStart: ({ scenario, law, seed }) => progress.started(runNameOf(scenario.name, law, seed)),
    onEnd(request, run) {
      const { scenario, law, seed } = request;
      byRequest.set(request, run);
      const runs = runsSoFar();
      if (!json && random === undefined && resultsOf(runs, scenario.name).length === perScenario) {
        progress.clear();
        process.stdout.write(`${textTable(tableOf(scenario, runs))}\n`);
      }
      progress.ended(runNameOf(scenario.name, law, seed));
    },
  });
  progress.clear();
  return runsSoFar();
}

async function tell(
  runs: readonly CaseRun[],
  scenarios: readonly Scenario[],
  requestCount: number,
  { json, html, seeds, random }: LabOptions,
): Promise<void> {
  const results = runs.map(({ result }) => result);
  if (random !== undefined && !json) {
    tellSpace(results);
    tellInterrupted(runs.length, requestCount);
    return;
  }
  const begun = scenarios.filter(({ name }) => resultsOf(runs, name).length > 0);
  const unfinished = begun.filter(
    ({ name }) => resultsOf(runs, name).length < requestCount / scenarios.length,
  );
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else {
    for (const scenario of unfinished) process.stdout.write(`${textTable(tableOf(scenario, runs))}\n`);
    if (results.length > 0) process.stdout.write(`${textTable(summaryTable(results))}\n${NOTES}\n`);
  }
  tellInterrupted(runs.length, requestCount);
  if (html !== undefined) {
    const traces = runs.flatMap(({ trace }) => (trace === undefined ? [] : [trace]));
    const tables = [summaryTable(results), ...begun.map((scenario) => tableOf(scenario, runs))];
    await write(html, htmlReport(traces, tables));
    process.stderr.write(`Charts of seed 1 of ${seeds} are in ${html}\n`);
  }
}

/** Prints what drawn scenarios show of each law, and those in which the first one did worst. */
function tellSpace(results: readonly LabResult[]): void {
  if (results.length === 0) return;
  process.stdout.write(
    `${textTable(lawQuantilesTable(results))}\n${textTable(worstTable(results))}\n${SPACE_NOTES}\n`,
  );
}

function tellInterrupted(runCount: number, requestCount: number): void {
  if (runCount === requestCount) return;
  process.stderr.write(`Interrupted: ${runCount} of ${requestCount} runs were done.\n`);
}

function tableOf(scenario: Scenario, runs: readonly CaseRun[]) {
  return scenarioTable(scenario.name, resultsOf(runs, scenario.name));
}

function resultsOf(runs: readonly CaseRun[], scenario: string) {
  return runs.map(({ result }) => result).filter((result) => result.scenario === scenario);
}

function runNameOf(scenario: string, law: string, seed: number): string {
  return `${scenario} ${law} ${seed}`;
}

const NOTES = [
  "goodput: records done ÷ the ideal's. harm: starts beyond what the provider could bear, per 1,000 of the ideal's records.",
  "matched in trouble: scenarios other than calm ones in which another law is at least as good in both.",
].join("\n");

const SPACE_NOTES = [
  "requests: Lambda requests ÷ records done. beaten: share of scenarios in which another law has a goodput higher by 0.03, at no more harm.",
  "npm run lab -- --shrink SEED looks for the smallest scenario in which a law is as bad as in a drawn one.",
].join("\n");

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (thrown) {
    throw new SluiceError(
      "input-invalid",
      `The page can't be written to ${file}: ${messageOf(thrown)}. Give another file with --html.`,
    );
  }
}

await runCommand(main);
