import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Log } from "../../ports/log.ts";
import type { QuotaState, QuotaStore } from "../../ports/quota-store.ts";
import { type ByLane, byLane, type Lane } from "../../provider/lane.ts";
import type { Provider } from "../../provider/provider.ts";
import { meanLatencyMsOf, permitsForSpacing } from "./block-size.ts";
import { createQuotaClock } from "./quota-clock.ts";
import { type QuotaLeft, quotasLeft } from "./quota-left.ts";
import { NOTHING_RESERVED } from "./quota-steps.ts";
import { createRefusalNews } from "./refusal-news.ts";
import { refusedUntilMs } from "./request.ts";
import { type QuotaTerms, quotaTermsOf } from "./terms.ts";
import { createTurns, type Turns } from "./turns.ts";

/** A wait that is shorter is the spacing of starts, and not the end of a quota. */
const SPACING_MAX_MS = 10_000;

/** The quotas of a provider, as one process keeps them. */
export interface Quotas {
  /** The turns of a batch at a limit. */
  turnsOf(lane: Lane, limit: number): Turns;
  /** Takes note that a batch was told to wait. */
  shutUntil(lane: Lane, untilMs: number): void;
  /** The instant until which a lane has no turn, as far as this process has learnt; 0 if there was none. */
  shutUntilMs(lane: Lane): number;
  /**
   * Permits that a batch of so many records asks for at a limit.
   * @param fanOut those that it would ask for without quotas
   */
  permitsFor(fanOut: number, recordCount: number, limit: number): number;
  /**
   * The end of each lane's wait, as the store has it; 0 if there is none but for the spacing of starts.
   * @throws Unreachable, StoredRowInvalid
   */
  readHeldUntilMs(): Promise<ByLane<number>>;
  /** The starts that each quota has left, as the store has it. @throws Unreachable, StoredRowInvalid */
  readLeft(): Promise<readonly QuotaLeft[]>;
  /** Starts that were reserved of a day, as far as this process has learnt; undefined if no day is counted. */
  used(): { readonly day: string; readonly usedCount: number } | undefined;
  /** Says once a day that the provider refuses calls that its quotas allow by Sluice's count. Never throws. */
  tellRefused(): Promise<void>;
}

/** The parts that quotas work with. */
export interface QuotasDeps {
  readonly provider: Provider;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The quotas of a provider, to be spread among the parts of a function; nothing if it has none, so that it pays nothing. */
export function quotasPartOf(deps: QuotasDeps, openStore: () => QuotaStore): { readonly quotas?: Quotas } {
  const terms = quotaTermsOf(deps.provider);
  return terms === undefined ? {} : { quotas: createQuotas(terms, openStore(), deps) };
}

function createQuotas(terms: QuotaTerms, store: QuotaStore, deps: QuotasDeps): Quotas {
  const { provider, clock, log } = deps;
  const { latency } = provider;
  const meanLatencyMs = meanLatencyMsOf(latency, latency.medianMs);
  const quotaClock = createQuotaClock(clock);
  const shut = new Map<Lane, number>();
  const hasWaited = new Set<Lane>();
  let known: QuotaState = NOTHING_RESERVED;

  return {
    turnsOf: (lane, limit) =>
      createTurns({
        terms,
        store,
        clock: quotaClock,
        log,
        meanLatencyMs,
        lane,
        limit,
        known: () => known,
        see(state) {
          known = state;
        },
        hasWaited: () => hasWaited.has(lane),
        noteWait(isWaiting) {
          if (isWaiting) hasWaited.add(lane);
          else hasWaited.delete(lane);
        },
      }),
    shutUntil(lane, untilMs) {
      shut.set(lane, untilMs);
    },
    shutUntilMs: (lane) => shut.get(lane) ?? 0,
    permitsFor(fanOut, recordCount, limit) {
      if (terms.spacing === undefined) return fanOut;
      const { intervalMs } = terms.spacing;
      return Math.max(fanOut, permitsForSpacing({ intervalMs, limit, meanLatencyMs }, recordCount));
    },
    async readHeldUntilMs() {
      known = await store.read();
      const nowMs = clock.nowMs();
      return byLane((lane) => {
        const untilMs = refusedUntilMs(terms, { lane }, known, nowMs);
        return untilMs - nowMs > SPACING_MAX_MS ? untilMs : 0;
      });
    },
    async readLeft() {
      known = await store.read();
      return quotasLeft(provider, known, clock.nowMs());
    },
    used() {
      const { day, usedCount } = known;
      return terms.day === undefined ? undefined : { day, usedCount };
    },
    tellRefused: createRefusalNews(store, deps),
  };
}
