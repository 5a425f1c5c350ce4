import type { HistoryStore, Opening, Snapshot } from "../ports/history-store.ts";
import type { Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import { BETWEEN_BATCHES_MS, meanLatencyMsOf } from "../steering/quotas/block-size.ts";
import { startIntervalMs } from "../steering/quotas/spacing.ts";
import { fanOutOf, quantumOf } from "../valve/mapping-shape.ts";

/** The part of a provider's future that its waker tells. */
export interface Outlook {
  readonly contract: Provider;
  readonly latest: Snapshot;
}

const MINUTE_MS = 60_000;

/**
 * Reads what is ahead. `untold`: no waker has told it yet, as in a deployment's first minute; undefined if the caller may not
 * read it.
 */
export async function readOutlook(
  history: Pick<HistoryStore, "contract" | "latest">,
): Promise<Outlook | "untold" | undefined> {
  try {
    const [contract, latest] = await Promise.all([history.contract(), history.latest()]);
    return contract && latest ? { contract, latest } : "untold";
  } catch {
    // Nothing but an estimate depends on it: the rate alone tells an end, too.
    return undefined;
  }
}

/** The instant until which nothing starts, as far as the waker knows: in the past if something may. */
export function shutUntilMs({ latest }: Outlook, lane: Lane): number {
  const { probeAtMs = 0, heldUntilMs = 0, plannedUntilMs = 0, quotaHeldUntilMs } = latest;
  return Math.max(probeAtMs, heldUntilMs, plannedUntilMs, quotaHeldUntilMs?.[lane] ?? 0);
}

/** Usual duration of a batch, in ms: its calls come one after the other, but for those of express records. */
export function batchMsOf(outlook: Outlook, lane: Lane): number {
  return callsInTurn(outlook, lane) * meanMsOf(outlook);
}

/** Records a minute by limit ÷ mean latency, with the time between batches where their size is known, and by the quotas. */
export function expectedPerMinute(outlook: Outlook, lane: Lane): number {
  const { valve } = outlook.latest;
  return perMinute(outlook, Number.POSITIVE_INFINITY, valve && callsInTurn(outlook, lane));
}

/** The same while a mapping has these settings: it may bring fewer at once than the limit allows. */
export function perMinuteThrough(
  outlook: Outlook,
  { maximumConcurrency = Number.POSITIVE_INFINITY, batchSize }: MappingSettings,
): number {
  return perMinute(outlook, maximumConcurrency * fanOutOf(outlook.contract), batchSize);
}

function perMinute(outlook: Outlook, mostAtOnce: number, callsInTurn: number | undefined): number {
  const { limit, maxConcurrency } = outlook.latest;
  const betweenMs = callsInTurn === undefined ? 0 : BETWEEN_BATCHES_MS / callsInTurn;
  const atOnce = Math.min(limit, maxConcurrency, mostAtOnce);
  return Math.min(
    (atOnce * MINUTE_MS) / (meanMsOf(outlook) + betweenMs),
    MINUTE_MS / startIntervalMs(outlook.contract),
  );
}

/** Settings of a mapping; without a maximum concurrency there is none. */
export interface MappingSettings {
  readonly batchSize: number;
  readonly maximumConcurrency?: number | undefined;
}

/** The opening of a lane's mapping, past or to come; the express lane's is not known. */
export function openingIn({ latest: { valve } }: Outlook, lane: Lane): Opening | undefined {
  return lane === "records" ? valve?.opening : undefined;
}

/** True for an opening that no waker has seen yet. */
export function isToCome({ atMs }: Opening, { latest }: Outlook): boolean {
  return atMs > latest.atMs;
}

function callsInTurn(outlook: Outlook, lane: Lane): number {
  const { contract, latest } = outlook;
  if (lane === "express" || latest.valve === undefined) return 1;
  const opening = openingIn(outlook, lane);
  const isOpen = opening === undefined || !isToCome(opening, outlook);
  return isOpen ? latest.valve.batchSize : quantumOf(contract, latest.usualLatencyMs);
}

function meanMsOf({ contract: { latency }, latest: { usualLatencyMs = latency.medianMs } }: Outlook): number {
  return meanLatencyMsOf(latency, usualLatencyMs);
}
