import type { Breaker, ShardReport } from "@sluice/core/breaker";
import type { PermitItems, Random, Report } from "@sluice/core/ports";
import type { SimulatedObservers } from "../provider-simulator/scenario.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";

/** Loses, delays and repeats the reports of ventilators, as a scenario says. */
export interface Observers {
  /** Spoils reports on their way to the shards; leases are removed all the same. */
  spoilItems(items: PermitItems): PermitItems;
  /** Spoils in the same way the reports to a law that sees each by itself. */
  spoilBreaker(breaker: Breaker): Breaker;
}

/** The parts that observers work with. */
export interface ObserversDeps {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly ratios: SimulatedObservers;
}

type Fate =
  | { readonly kind: "in-time" | "lost" | "twice" }
  | { readonly kind: "late"; readonly byMs: number };

/** Bounds of the delay of a late report. */
const LATE_MIN_MS = 5_000;
const LATE_MAX_MS = 60_000;

/** Makes the observers of a run. */
export function createObservers({ clock, random, ratios }: ObserversDeps): Observers {
  const fates = new WeakMap<Report, Fate>();

  function fateOf(report: Report): Fate {
    const fate = fates.get(report) ?? drawFate();
    fates.set(report, fate);
    return fate;
  }

  /** Draws the fate of a report, with as many random numbers for each kind of fate. */
  function drawFate(): Fate {
    const lot = random.next();
    const byMs = LATE_MIN_MS + random.next() * (LATE_MAX_MS - LATE_MIN_MS);
    if (lot < ratios.lostRatio) return { kind: "lost" };
    if (lot < ratios.lostRatio + ratios.lateRatio) return { kind: "late", byMs };
    if (lot < ratios.lostRatio + ratios.lateRatio + ratios.duplicateRatio) return { kind: "twice" };
    return { kind: "in-time" };
  }

  function spoilItems(items: PermitItems): PermitItems {
    const later = (index: number, report: Report, byMs: number) =>
      // A report that finds the table too hot is lost, as its sender would find.
      clock.at(clock.nowMs() + byMs, () => void items.report(index, report).catch(() => {}));
    return {
      ...items,
      async giveBack(index, leases, report) {
        const fate = fateOf(report);
        if (fate.kind === "late") later(index, report, fate.byMs);
        const isAdded = fate.kind === "in-time" || fate.kind === "twice";
        const shard = await items.giveBack(index, leases, isAdded ? report : { ...report, evidence: {} });
        return fate.kind === "twice" ? items.report(index, report) : shard;
      },
      async report(index, report) {
        const fate = fateOf(report);
        if (fate.kind === "late") later(index, report, fate.byMs);
        const isAdded = fate.kind === "in-time" || fate.kind === "twice";
        const shard = await items.report(index, isAdded ? report : { ...report, evidence: {} });
        return fate.kind === "twice" ? items.report(index, report) : shard;
      },
    };
  }

  function spoilBreaker(breaker: Breaker): Breaker {
    async function consider(news: ShardReport): Promise<void> {
      const fate = fateOf(news.report);
      if (fate.kind === "lost") return;
      if (fate.kind === "late") {
        clock.at(clock.nowMs() + fate.byMs, () => void breaker.consider(news));
        return;
      }
      await breaker.consider(news);
      if (fate.kind === "twice") await breaker.consider(news);
    }
    return { ...breaker, consider };
  }

  return { spoilItems, spoilBreaker };
}
