import type { Point } from "@sluice/core/history";
import {
  type Progress,
  type ProviderStatus,
  readProgress,
  readProviderStatus,
  URGENCIES,
  type Urgency,
  urgencyOf,
} from "@sluice/core/operator";
import { providerDay } from "@sluice/core/provider";
import { type RecordStatus, readRecordStatus } from "@sluice/core/record-status";
import { type RunSummary, readRunStatus, readRunsOfDays, summaryOf } from "@sluice/core/runs";
import type { Desk } from "./desk.ts";
import { followMarks, followPoints, type Marks } from "./follow.ts";

/** One provider of the fleet. */
export interface FleetCard {
  readonly environment: string;
  readonly isLocal: boolean;
  readonly urgency: Urgency;
  readonly status: ProviderStatus;
  readonly progress: Progress;
  /** The last hour or the time that is asked for, oldest first. */
  readonly points: readonly Point[];
}

/** A provider that could not be looked at. */
export interface FailedCard {
  readonly providerId: string;
  readonly environment: string;
  readonly problem: string;
}

/** All providers, the worst first. */
export interface FleetView {
  readonly cards: readonly FleetCard[];
  readonly failed: readonly FailedCard[];
}

/** One provider in detail. */
export interface ProviderView extends FleetCard, Marks {
  /** Runs of the provider's today and yesterday, the latest first. */
  readonly runs: readonly RunSummary[];
}

/** A run with the first records that it has lost. */
export interface RunView {
  readonly status: RunSummary;
  readonly lost: readonly { readonly recordId: string; readonly end: string; readonly cause: string }[];
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Runs and lost records that a view lists. */
const RUNS_MAX = 20;
const LOST_MAX = 200;

/** Makes a look at all providers, which never throws: those that can't be looked at say why. */
export function lookAtFleet(desks: readonly Desk[]): () => Promise<FleetView> {
  const looks = desks.map((desk) => lookAtCard(desk, HOUR_MS));
  return async () => {
    const nowMs = Date.now();
    const results = await Promise.allSettled(looks.map((look) => look(nowMs)));
    const cards = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const failed = results.flatMap((result, index): FailedCard[] => {
      const desk = desks[index];
      if (result.status === "fulfilled" || desk === undefined) return [];
      const problem = result.reason instanceof Error ? result.reason.message : String(result.reason);
      return [{ providerId: desk.access.provider.id, environment: desk.environment, problem }];
    });
    return { cards: cards.toSorted(worstFirst), failed };
  };
}

function worstFirst(one: FleetCard, other: FleetCard): number {
  const byUrgency = URGENCIES.indexOf(one.urgency) - URGENCIES.indexOf(other.urgency);
  return byUrgency || (one.status.providerId < other.status.providerId ? -1 : 1);
}

/** Makes a look at one provider, over a time up to now. The look: @throws Unreachable, StoredRowInvalid */
export function lookAtProvider(desk: Desk, overMs: number): () => Promise<ProviderView> {
  const { access } = desk;
  const lookAt = lookAtCard(desk, overMs);
  const marksAt = followMarks(access.steering.events, overMs);
  return async () => {
    const nowMs = Date.now();
    const [card, marks, runs] = await Promise.all([lookAt(nowMs), marksAt(nowMs), readRuns(desk, nowMs)]);
    return { ...card, ...marks, runs };
  };
}

function lookAtCard(
  { access, environment, isLocal }: Desk,
  overMs: number,
): (nowMs: number) => Promise<FleetCard> {
  const { steering, history } = access;
  const pointsAt = followPoints(history, overMs);
  return async (nowMs) => {
    const queues = await access.queues();
    const [status, progress, points] = await Promise.all([
      readProviderStatus({ ...steering, history, queues }),
      readProgress({ ...steering, ...access }),
      pointsAt(nowMs),
    ]);
    return { environment, isLocal, urgency: urgencyOf(status), status, progress, points };
  };
}

async function readRuns({ access }: Desk, nowMs: number): Promise<ProviderView["runs"]> {
  const { timeZone } = access.provider;
  const days = [nowMs, nowMs - DAY_MS].map((atMs) => providerDay(timeZone, atMs));
  const { runs } = await readRunsOfDays(days, RUNS_MAX, {
    ...access,
    timeZone,
    clock: access.steering.clock,
  });
  return runs;
}

/** Looks at one run; undefined if there is none. @throws Unreachable, StoredRowInvalid */
export async function readRun({ access }: Desk, runId: string): Promise<RunView | undefined> {
  const status = await readRunStatus(runId, { ...access, clock: access.steering.clock });
  if (status === undefined) return undefined;
  const lost: RunView["lost"][number][] = [];
  for await (const { recordId, end, cause } of status.records()) {
    lost.push({ recordId, end, cause });
    if (lost.length === LOST_MAX) break;
  }
  return { status: summaryOf(status), lost };
}

/** Looks at one record. @throws SluiceError `contract-unknown`, Unreachable, StoredRowInvalid */
export function readRecord({ access }: Desk, recordId: string): Promise<RecordStatus> {
  const { provider, steering } = access;
  return readRecordStatus(recordId, { ...access, provider: provider.id, clock: steering.clock });
}
