import type { WorkerOutcome } from "@sluice/core/worker";
import { type AuditReport, createAudit } from "../provider-simulator/audit.ts";
import { createProviderModel, type Reaction } from "../provider-simulator/provider-model.ts";
import { createInstants } from "./instants.ts";
import { type Outage, outagesOf } from "./outages.ts";
import { attemptStream } from "./streams.ts";
import type { WorldContext } from "./world-context.ts";

/** The provider of a scenario on virtual time, with an audit of the requests that reach it. */
export interface Site {
  /** Calls the provider; resolves when the answer is there, or when the caller's timeout is over. */
  call(call: Call): Promise<WorkerOutcome>;
  inFlightCount(): number;
  capacityCount(): number;
  /** Distinct records served so far. */
  servedCount(): number;
  /** Tells whether a call for the record came while the provider could not bear it. */
  hasBeenTooMuch(recordId: string): boolean;
  report(): SiteReport;
}

/** One request. */
export interface Call {
  readonly recordId: string;
  readonly attempt: number;
  /** True for a probe. */
  readonly isProbe: boolean;
}

/** The audit of a site; instants count from the start of the run. */
export interface SiteReport {
  readonly audit: AuditReport;
  /** The instants at which records were first served, ascending. */
  readonly servedAtMs: Float64Array;
  /** In the order of the scenario. */
  readonly outages: readonly OutageReport[];
}

/** The requests that reached the provider in one of its outages. */
export interface OutageReport extends Outage {
  /** The start of the last request that was no probe; undefined if there was none. */
  readonly lastStartAtMs: number | undefined;
  readonly probeCount: number;
}

/** Makes the provider of a world's scenario. */
export function createSite({ options, clock, elapsedMs, onEvent }: WorldContext): Site {
  const { scenario, seed } = options;
  const { maxConcurrency, timeoutMs, capacity } = scenario.provider;
  const model = createProviderModel({ scenario, seed });
  const audit = createAudit({ maxConcurrency, timeZone: "UTC" });
  const servedAtMs = createInstants();
  const outages = outagesOf(capacity).map((outage) => ({
    ...outage,
    lastStartAtMs: undefined as number | undefined,
    probeCount: 0,
  }));
  const startCounts = new Map<string, number>();
  const tooMuch = new Set<string>();
  const elapsedMinutes = () => elapsedMs() / 60_000;

  async function call({ recordId, attempt, isProbe }: Call): Promise<WorkerOutcome> {
    const capacityCount = model.capacityAt(elapsedMinutes());
    const visit = audit.started(recordId, capacityCount, clock.nowMs());
    if (capacityCount === 0) noteOutage(isProbe);
    if (audit.inFlightCount() > capacityCount) tooMuch.add(recordId);
    onEvent(`start ${recordId} ${attempt}`);
    // A start that was released is another attempt's, and draws anew.
    const startCount = (startCounts.get(recordId) ?? 0) + 1;
    startCounts.set(recordId, startCount);
    const reaction = model.start({
      recordId,
      elapsedMinutes: elapsedMinutes(),
      inFlightCount: audit.inFlightCount(),
      random: attemptStream(seed, recordId, startCount),
    });
    const answer = withinMs(reaction, timeoutMs);
    await clock.sleep(answer?.afterMs ?? timeoutMs);
    if (answer === undefined) {
      audit.aborted(visit);
      onEvent(`timeout ${recordId}`);
      return { kind: "fault", latencyMs: timeoutMs, cause: "timeout" };
    }
    if (answer.status === 200 && !audit.wasServed(recordId)) servedAtMs.add(elapsedMs());
    audit.answered(visit, answer, clock.nowMs());
    onEvent(`${answer.status} ${recordId}`);
    return outcomeOf(answer);
  }

  function noteOutage(isProbe: boolean): void {
    const nowMs = elapsedMs();
    const outage = outages.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);
    if (outage === undefined) return;
    if (isProbe) outage.probeCount += 1;
    else outage.lastStartAtMs = nowMs;
  }

  return {
    call,
    inFlightCount: audit.inFlightCount,
    capacityCount: () => model.capacityAt(elapsedMinutes()),
    servedCount: () => servedAtMs.count(),
    hasBeenTooMuch: (recordId) => tooMuch.has(recordId),
    report: () => ({
      audit: audit.report(),
      servedAtMs: servedAtMs.all(),
      outages: outages.map((outage) => ({ ...outage })),
    }),
  };
}

/** The answer, if it comes before the caller goes away. */
export function withinMs(
  reaction: Reaction,
  timeoutMs: number,
): Extract<Reaction, { kind: "answer" }> | undefined {
  return reaction.kind === "answer" && reaction.afterMs < timeoutMs ? reaction : undefined;
}

function outcomeOf({
  status,
  afterMs: latencyMs,
  retryAfterSeconds,
}: Extract<Reaction, { kind: "answer" }>): WorkerOutcome {
  const cause = `status ${status}`;
  switch (status) {
    case 200:
      return { kind: "ok", latencyMs };
    case 404:
      return { kind: "rejected", latencyMs, cause };
    case 429:
      return {
        kind: "throttled",
        latencyMs,
        cause,
        ...(retryAfterSeconds !== undefined && { retryAfterMs: retryAfterSeconds * 1_000 }),
      };
    case 500:
      return { kind: "fault", latencyMs, cause };
  }
}
