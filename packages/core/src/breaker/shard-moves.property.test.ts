import { type BreakerProcess, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { type TinyState, tinyLaw } from "@sluice/testing/tiny-law";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bySum, type Evidence, NO_EVIDENCE, plus } from "../law/evidence.ts";
import type { Law } from "../law/law.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import { firstSplit } from "../permits/split.ts";
import { SPLIT_KEPT_MS } from "./shard-mover.ts";

type Step =
  | { readonly kind: "check-out"; readonly process: number; readonly wanted: number }
  | { readonly kind: "check-in"; readonly nth: number; readonly okCount: number }
  | { readonly kind: "die"; readonly nth: number }
  /** A waker's step: it dies at its n-th call, or that call alone fails; 0: all is well. */
  | { readonly kind: "move"; readonly process: number; readonly failsAt: number; readonly isDeath: boolean }
  | { readonly kind: "trip" | "close"; readonly limit: number }
  | { readonly kind: "hold"; readonly process: number }
  | { readonly kind: "wait"; readonly durationMs: number };

const LEASE_MS = 3 * SPLIT_KEPT_MS;
const HOLD_MS = 10_000;
const PROCESSES = 2;
const process = fc.nat(PROCESSES - 1);
const contract = fc
  .record({ maxConcurrency: fc.integer({ min: 1, max: 9 }), shards: fc.integer({ min: 1, max: 5 }) })
  .map(({ maxConcurrency, shards }) => ({ maxConcurrency, shardCount: Math.min(shards, maxConcurrency) }));

const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("check-out"),
        process,
        wanted: fc.integer({ min: 1, max: 9 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("check-in"), nth: fc.nat(), okCount: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("die"), nth: fc.nat() }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("move"),
        process,
        failsAt: fc.nat(25),
        isDeath: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom("trip", "close", "close", "close"),
        limit: fc.constantFrom(2, 9, 9),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("hold"), process }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("wait"),
        durationMs: fc.constantFrom(HOLD_MS, 60_000, 60_000, SPLIT_KEPT_MS),
      }),
    },
  ),
  { minLength: 30, maxLength: 120, size: "max" },
);

interface Entry {
  readonly process: BreakerProcess;
  readonly held: HeldPermits;
  readonly untilMs: number;
}

test("whatever moves and dies halfway: the larger X, nothing while open or held, and the law sees each count once", async () => {
  const doneBy = { moves: 0, lentWhileHalfMoved: 0 };
  await fc.assert(
    fc.asyncProperty(steps, contract, contract, async (run, older, newer) => {
      const harness = createBreakerHarness();
      const processes = [older, newer].map((one) => harness.start({ ...one, law: calmLaw }));
      const largest = Math.max(older.maxConcurrency, newer.maxConcurrency);
      const held: Entry[] = [];
      let holders = 0;
      let phase = "closed";
      let heldUntilMs = 0;
      let accepted: Evidence = NO_EVIDENCE;

      await harness.items.setSplit(0, firstSplit(older.shardCount, 0));
      for (const step of run) {
        await take(step);
        expect(inFlightCount()).toBeLessThanOrEqual(largest);
      }
      doneBy.moves += Math.floor(((await harness.items.read(0)).split.version - 1) / 2);
      await harness.start({ ...older, law: calmLaw }).breaker.look();
      await decide({ phase: "closed", limit: 1 });
      expect(await seenInAll()).toEqual(accepted);

      async function take(step: Step): Promise<void> {
        switch (step.kind) {
          case "wait":
            return harness.clock.advance(step.durationMs);
          case "trip":
            return decide({ phase: "open", limit: step.limit });
          case "close":
            return decide({ phase: "closed", limit: step.limit });
          case "hold":
            heldUntilMs = harness.clock.nowMs() + HOLD_MS;
            return processes[step.process]?.permits.hold(heldUntilMs);
          case "move":
            return moveOnce(processes[step.process], step);
          case "check-out":
            return checkOut(processes[step.process], step.wanted);
          case "die":
            held.splice(step.nth % Math.max(1, held.length), 1);
            return;
          case "check-in": {
            const [entry] = held.splice(step.nth % Math.max(1, held.length), 1);
            if (entry !== undefined) await checkIn(entry, step.okCount);
          }
        }
      }

      /** A decision of the law's, as any process would carry it out. */
      async function decide(wanted: { phase: "open" | "closed"; limit: number }): Promise<void> {
        phase = wanted.phase;
        await harness.start({ ...older, law: lawThatWants(wanted) }).breaker.look();
      }

      async function moveOnce(
        one: BreakerProcess | undefined,
        { failsAt, isDeath }: Extract<Step, { kind: "move" }>,
      ): Promise<void> {
        let calls = 0;
        const fails = () => {
          calls += 1;
          const isFailing = failsAt > 0 && (isDeath ? calls >= failsAt : calls === failsAt);
          return isFailing ? ("unreachable" as const) : undefined;
        };
        for (const part of [one?.items, one?.store, one?.events]) part?.spoil(fails);
        await one?.shardMover.move((await harness.items.read(0)).split, harness.clock.nowMs());
        for (const part of [one?.items, one?.store, one?.events]) part?.spoil(() => undefined);
      }

      async function checkOut(one: BreakerProcess | undefined, wanted: number): Promise<void> {
        holders += 1;
        const nowMs = harness.clock.nowMs();
        const leaseUntilMs = nowMs + LEASE_MS;
        const request = { holderId: `holder-${holders}`, wanted, nowMs, leaseUntilMs };
        const answer = await one?.permits.checkOut(request);
        if (one === undefined || answer?.kind !== "granted") return;
        expect(phase).toBe("closed");
        expect(nowMs).toBeGreaterThanOrEqual(heldUntilMs);
        if ((await harness.items.read(0)).split.kind === "draining") doneBy.lentWhileHalfMoved += 1;
        held.push({ process: one, held: answer.permits, untilMs: leaseUntilMs });
      }

      async function checkIn(entry: Entry, okCount: number): Promise<void> {
        const { shardIndex, epoch, leases } = entry.held;
        const before = await harness.items.read(shardIndex);
        const report = { epoch, evidence: { okCount }, atMs: harness.clock.nowMs() };
        await entry.process.permits.checkIn(entry.held, report, new Set());
        const isOut = before.leases.some(({ text }) => text === leases[0]?.text);
        // News of an epoch that has ended, told to the shard or not, is no news.
        const isNews = epoch === before.epoch && epoch === ((await harness.state())?.epoch ?? 0);
        if (isOut && isNews) accepted = plus(accepted, { okCount });
      }

      function inFlightCount(): number {
        const live = held.filter(({ untilMs }) => untilMs >= harness.clock.nowMs());
        return live.reduce((sum, entry) => sum + entry.held.leases.length, 0);
      }

      async function seenInAll(): Promise<Evidence> {
        const seen = Object.values((await harness.state())?.seen ?? {});
        const sum = seen.reduce((all, one) => plus(all, one), NO_EVIDENCE);
        return bySum((name) => (name === "okCount" ? sum.okCount : 0));
      }
    }),
    { numRuns: 300 },
  );
  expect(doneBy.moves).toBeGreaterThan(100);
  expect(doneBy.lentWhileHalfMoved).toBeGreaterThan(0);
});

/** A law that writes down what it sees, and decides nothing. */
const calmLaw: Law<TinyState> = {
  ...tinyLaw,
  decide(state, observation, config, nowMs) {
    const { seen } = tinyLaw.decide(state, observation, config, nowMs).state;
    return { state: { ...state, seen } };
  },
};

/** A law that sees, and wants a phase and a limit. */
function lawThatWants({ phase, limit }: { phase: "open" | "closed"; limit: number }): Law<TinyState> {
  return {
    ...tinyLaw,
    decide(before, observation, config, nowMs) {
      const { seen } = calmLaw.decide(before, observation, config, nowMs).state;
      const control = { limit, target: limit, epoch: before.epoch + 1, seen, failedProbeCount: 0 };
      const state: TinyState =
        phase === "open" ? { ...control, phase, probeAtMs: 0, isValveKept: false } : { ...control, phase };
      return { state, decision: { rule: "wanted", inputs: {}, before, after: state } };
    },
  };
}
