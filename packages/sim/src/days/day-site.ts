import { createProviderModel, type Reaction } from "../provider-simulator/provider-model.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { attemptStream, streamOf } from "../world/streams.ts";
import type { DayEvent, RequestStatus } from "./day-event.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import type { Story } from "./story.ts";
import { scenarioOf } from "./weather.ts";

/** The provider of a day, which takes requests from workers and tells of each. */
export interface DaySite {
  /** Sends a request; rejects with the reason of its signal, and never resolves once the client is gone. */
  request(request: SiteRequest): Promise<SiteAnswer>;
  /** Ends the open requests of a client that is gone. */
  hangUp(client: string): void;
  /** The provider bears all of X. */
  isWell(): boolean;
}

/** A request of a worker. */
export interface SiteRequest {
  readonly client: string;
  readonly recordId: string;
  readonly attemptId: string;
  readonly signal: AbortSignal;
}

/** An answer of the provider. */
export type SiteAnswer = Extract<Reaction, { readonly kind: "answer" }>;

const NOT_FOUND = { kind: "answer", status: 404 } as const;

interface Visit {
  readonly client: string;
  end(status: RequestStatus): void;
}

/** Makes the provider of a story. */
export function createDaySite(
  story: Story,
  clock: VirtualClock,
  startMs: number,
  faults: FaultsInForce,
  emit: (event: DayEvent) => void,
): DaySite {
  const scenario = scenarioOf(story);
  const model = createProviderModel({ scenario, seed: story.seed });
  const visits = new Set<Visit>();
  const startCounts = new Map<string, number>();
  const wrongAddress = streamOf(story.seed, "wrong address");
  const elapsedMinutes = () => (clock.nowMs() - startMs) / 60_000;

  function request({ client, recordId, attemptId, signal }: SiteRequest): Promise<SiteAnswer> {
    const startCount = (startCounts.get(recordId) ?? 0) + 1;
    startCounts.set(recordId, startCount);
    const inFlightCount = visits.size + 1;
    const capacityCount = model.capacityAt(elapsedMinutes());
    emit({ kind: "started", recordId, attemptId, inFlightCount, capacityCount });
    const right = model.start({
      recordId,
      elapsedMinutes: elapsedMinutes(),
      inFlightCount,
      random: attemptStream(story.seed, recordId, startCount),
    });
    const reaction = isMissed() ? { ...NOT_FOUND, afterMs: story.contract.latency.minMs } : right;
    return new Promise((resolve, reject) => {
      const answer = reaction.kind === "answer" ? reaction : undefined;
      const onAbort = () => {
        visit.end("timeout");
        reject(signal.reason);
      };
      const timer = clock.at(clock.nowMs() + (answer?.afterMs ?? Number.POSITIVE_INFINITY), () => {
        if (answer === undefined) return;
        visit.end(answer.status);
        resolve(answer);
      });
      const visit: Visit = {
        client,
        end(status) {
          timer.cancel();
          signal.removeEventListener("abort", onAbort);
          visits.delete(visit);
          emit({
            kind: "ended",
            recordId,
            attemptId,
            status,
            ...(status === 429 && !story.nature.hasBrokenWait && waitOf(answer)),
          });
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      visits.add(visit);
    });
  }

  /** True for a call that goes to a wrong address. */
  function isMissed(): boolean {
    const [wrong] = faults.of("wrong-address");
    if (wrong === undefined || wrongAddress.next() >= wrong.ratio) return false;
    faults.struck("wrong-address");
    return true;
  }

  return {
    request,
    hangUp(client) {
      for (const visit of visits) if (visit.client === client) visit.end("gone");
    },
    isWell: () => model.capacityAt(elapsedMinutes()) >= story.contract.maxConcurrency,
  };
}

function waitOf(answer: SiteAnswer | undefined): { readonly retryAfterMs?: number } {
  const seconds = answer?.retryAfterSeconds;
  return seconds === undefined ? {} : { retryAfterMs: seconds * 1_000 };
}
