import { setTimeout as sleep } from "node:timers/promises";
import type { BreakerEvent, Fetch } from "@sluice/core/ports";
import { providerDay } from "@sluice/core/provider";
import { parseMessage } from "@sluice/core/records";
import { readRunStatus } from "@sluice/core/runs";
import { createEventStore, createFetchStore, createSchedulerStores } from "@sluice/core/storage";
import { queuedCountOf } from "@sluice/core/waker";
import type { Cloud } from "../cloud/cloud.ts";
import type { Deployment } from "../cloud/deploy.ts";
import { type DeadLetter, readDeadLetters } from "../cloud/read-dead-letters.ts";
import type { ProviderServer } from "../provider-simulator/provider-server.ts";
import { brokenLinks, decisionsIn } from "./decisions.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { RUN_ID, runLedgerOf } from "./run-ledger.ts";

/** The part of the evidence that the run itself knows. */
export interface RunFacts
  extends Pick<
    RunEvidence,
    | "expectedIds"
    | "acceptedCount"
    | "isInterrupted"
    | "stalledAfterMs"
    | "killCount"
    | "mustSpareHealthy"
    | "isHopeless"
  > {
  /** The instant before which there was no table, and so no event. */
  readonly deployedAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A valve is updated before its event is stored: together these tries are longer than the time in between. */
const EVENT_TRIES = 10;
const EVENT_TRY_EVERY_MS = 300;

/** Gathers the evidence of a run from its three witnesses: provider, table and queues. */
export async function gatherRunEvidence(
  cloud: Cloud,
  deployment: Deployment,
  { audit, requests }: Pick<ProviderServer, "audit" | "requests">,
  { deployedAtMs, startedAtMs, endedAtMs, ...facts }: RunFacts,
): Promise<RunEvidence> {
  const { provider, table, queues, deadLetterQueueUrl } = deployment;
  const fetches = createFetchStore(table);
  const days = new Set([startedAtMs, endedAtMs].map((atMs) => providerDay(provider.timeZone, atMs)));
  const rows: Fetch[] = [];
  for (const day of days) rows.push(...(await Array.fromAsync(fetches.list(provider.id, day))));
  const breaker = await gatherBreakerEvents(cloud, deployment, deployedAtMs);
  const letters = await readDeadLetters(cloud.clients.sqs, deadLetterQueueUrl);
  const stillQueuedCount = await queuedCountOf(queues);
  const stores = createSchedulerStores(table, provider.id, Date.now);
  const run = await readRunStatus(RUN_ID, { ...stores, clock: { nowMs: Date.now } });
  const { mostInFlightCount, startsDuringRetryAfterCount, servedAgain } = audit.report();
  return {
    ...facts,
    ...breaker,
    rows,
    run: runLedgerOf(run, cloud.eventBus.events),
    deadLetterIds: new Set(letters.flatMap((letter) => idsOf(letter, provider.id))),
    stillQueuedCount,
    provider: {
      mostInFlightCount,
      startsDuringRetryAfterCount,
      requests: requests.spans(Date.now()),
      servedAgain,
      wasServed: (recordId) => audit.wasServed(recordId),
    },
    contract: provider,
    maxConcurrency: provider.maxConcurrency,
    maxAttempts: provider.maxAttempts,
  };
}

/** The breaker's events, and the updates that they have to explain; changes under way are given time to be noted. */
async function gatherBreakerEvents(
  { lambdaService }: Cloud,
  { table, provider }: Deployment,
  sinceMs: number,
): Promise<Pick<RunEvidence, "events" | "acceptedUpdateCount">> {
  const store = createEventStore(table, provider.id, Date.now);
  let events: BreakerEvent[] = [];
  let acceptedUpdateCount = 0;
  for (let tries = 0; tries < EVENT_TRIES; tries += 1) {
    acceptedUpdateCount = lambdaService.mappings.acceptedUpdateCount();
    events = await Array.fromAsync(store.list(sinceMs));
    const isNoted = events.filter(({ kind }) => kind === "valve").length === acceptedUpdateCount;
    if (isNoted && brokenLinks(decisionsIn(events)).length === 0) break;
    await sleep(EVENT_TRY_EVERY_MS);
  }
  return { events, acceptedUpdateCount };
}

/** The record of a dead letter; none if the letter has no cause, and so proves nothing. */
function idsOf({ body, cause }: DeadLetter, providerId: string): string[] {
  const parsed = parseMessage(body, providerId);
  return cause !== undefined && parsed.kind === "message" ? [parsed.message.recordId] : [];
}
