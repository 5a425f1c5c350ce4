import { createProviderModel, type Reaction } from "../provider-simulator/provider-model.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { attemptStream } from "../world/streams.ts";
import type { DayEvent, RequestStatus } from "./day-event.ts";
import type { Story } from "./story.ts";
import { scenarioOf } from "./weather.ts";

/** The provider of a day, which takes requests from workers and tells of each. */
export interface DaySite {
  /**
   * Sends a request; resolves with its answer, or with undefined when `timeoutMs` has passed without one. It never
   * resolves once the client is gone.
   */
  request(request: SiteRequest): Promise<SiteAnswer | undefined>;
  /** Ends the open requests of a client that is gone. */
  hangUp(client: string): void;
}

/** A request of a worker. */
export interface SiteRequest {
  readonly client: string;
  readonly recordId: string;
  readonly attemptId: string;
  readonly timeoutMs: number;
}

/** An answer of the provider. */
export type SiteAnswer = Extract<Reaction, { readonly kind: "answer" }>;

interface Visit {
  readonly client: string;
  end(status: RequestStatus): void;
}

/** Makes the provider of a story. */
export function createDaySite(
  story: Story,
  clock: VirtualClock,
  startMs: number,
  emit: (event: DayEvent) => void,
): DaySite {
  const scenario = scenarioOf(story);
  const model = createProviderModel({ scenario, seed: story.seed });
  const visits = new Set<Visit>();
  const startCounts = new Map<string, number>();
  const elapsedMinutes = () => (clock.nowMs() - startMs) / 60_000;

  function request({ client, recordId, attemptId, timeoutMs }: SiteRequest): Promise<SiteAnswer | undefined> {
    const startCount = (startCounts.get(recordId) ?? 0) + 1;
    startCounts.set(recordId, startCount);
    const inFlightCount = visits.size + 1;
    emit({
      kind: "started",
      recordId,
      attemptId,
      inFlightCount,
      capacityCount: model.capacityAt(elapsedMinutes()),
    });
    const reaction = model.start({
      recordId,
      elapsedMinutes: elapsedMinutes(),
      inFlightCount,
      random: attemptStream(story.seed, recordId, startCount),
    });
    return new Promise((resolve) => {
      const answer = reaction.kind === "answer" && reaction.afterMs < timeoutMs ? reaction : undefined;
      const timer = clock.at(clock.nowMs() + (answer?.afterMs ?? timeoutMs), () => {
        visit.end(answer?.status ?? "timeout");
        resolve(answer);
      });
      const visit: Visit = {
        client,
        end(status) {
          timer.cancel();
          visits.delete(visit);
          const waitMs =
            answer?.retryAfterSeconds === undefined ? {} : { retryAfterMs: answer.retryAfterSeconds * 1_000 };
          emit({ kind: "ended", recordId, attemptId, status, ...(status === 429 && waitMs) });
        },
      };
      visits.add(visit);
    });
  }

  return {
    request,
    hangUp(client) {
      for (const visit of visits) if (visit.client === client) visit.end("gone");
    },
  };
}
