import {
  type LocalRun,
  openValves,
  type Preparation,
  parseStartOptions,
  prepare,
  type RunReport,
  runDay,
  runReportOf,
  startLocalRun,
} from "@sluice/local/start";
import { expect, vi } from "vitest";

/** A day of `npm start` to which something happens while it goes on. */
export interface FaultyDay {
  /** The command line of `npm start`. */
  readonly args: readonly string[];
  /** Changes contract or weather before anything is started. */
  prepared?(preparation: Preparation): Preparation;
  /** Happens before anything is enqueued; what it resolves to then happens `meanwhile`, from the start. */
  before?(run: LocalRun): Promise<() => Promise<void>>;
  /** Happens once the provider has served a record; the day is over when this has ended and the queues are empty. */
  meanwhile?(run: LocalRun): Promise<void>;
}

/** Time of a test with such a day: far above what it takes, because what is waited for is a state. */
export const FAULTY_DAY: { readonly timeout: number } = { timeout: 400_000 };

/** How long a fault lasts that has an end of its own. */
export const FAULT_MS = 30_000;

/** Generous: it only has to end before the test's own time does. */
export const WAIT: { readonly timeout: number; readonly interval: number } = {
  timeout: 180_000,
  interval: 100,
};

const SILENT = { say: () => {}, show: () => {}, end: () => {} };

/**
 * Runs a day in this process: SQS, DynamoDB, Lambda and provider behind HTTP, and the verdict of `npm start`.
 * @returns the verdict and its figures; what happened meanwhile has failed if this rejects
 */
export async function runFaultyDay({ args, prepared, before, meanwhile }: FaultyDay): Promise<RunReport> {
  const options = parseStartOptions(args);
  const planned = await prepare(options);
  const preparation = prepared?.(planned) ?? planned;
  const run = await startLocalRun(preparation, options);
  const { signal } = new AbortController();
  try {
    await openValves(run, signal);
    run.providerServer.begin();
    const fromTheStart = await before?.(run);
    const day = runDay(run, preparation, options, SILENT, signal);
    await fromTheStart?.();
    await vi.waitFor(() => expect(servedCount(run)).toBeGreaterThan(0), WAIT);
    await meanwhile?.(run);
    return runReportOf(await day);
  } finally {
    await run.stop({ keepLogs: false });
  }
}

/** Expects a verdict of ok: each record is fetched once, or dead for what it is itself. */
export function expectAllWell(report: RunReport, recordCount: number): void {
  expect(report).toMatchObject({
    accepted: recordCount,
    stillQueued: 0,
    healthyDeadLettered: 0,
    duplicateFetches: 0,
    verdict: "ok",
    broken: [],
  });
  expect(report.fetched + report.deadLettered).toBe(recordCount);
}

/** Distinct records that the provider has answered. */
export function servedCount({ providerServer }: LocalRun): number {
  return Object.values(providerServer.audit.report().servedByDay).reduce((sum, count) => sum + count, 0);
}
