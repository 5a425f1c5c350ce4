import { type BreakerProcess, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { type TinyState, tinyLaw } from "@sluice/testing/tiny-law";
import type { Mishap } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { Law } from "../law/law.ts";
import type { HeldPermits } from "../permits/check-out.ts";
import { firstSplit } from "../permits/split.ts";
import { SPLIT_KEPT_MS } from "./shard-mover.ts";

/** Two versions, each with its X and its number of shards. */
interface Contract {
  readonly maxConcurrency: number;
  readonly shardCount: number;
}

type Step =
  | {
      readonly kind: "check-out";
      readonly process: number;
      readonly wanted: number;
      readonly isRepeated: boolean;
    }
  | { readonly kind: "check-in"; readonly nth: number }
  | { readonly kind: "die"; readonly nth: number }
  | { readonly kind: "free"; readonly process: number }
  | { readonly kind: "move"; readonly process: number }
  | { readonly kind: "look"; readonly process: number }
  | { readonly kind: "limit"; readonly limit: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  | { readonly kind: "spoil"; readonly process: number; readonly nth: number; readonly mishap: Mishap }
  | { readonly kind: "progress"; readonly count: number };

const PROCESSES = 4;
/** Longer than any in production, so that permits are out whenever a split may move. */
const LEASE_MS = 3 * SPLIT_KEPT_MS;
const process = fc.nat(PROCESSES - 1);
const contract = fc
  .record({ maxConcurrency: fc.integer({ min: 1, max: 9 }), shards: fc.integer({ min: 1, max: 5 }) })
  .map(
    ({ maxConcurrency, shards }): Contract => ({
      maxConcurrency,
      shardCount: Math.min(shards, maxConcurrency),
    }),
  );

const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("check-out"),
        process,
        wanted: fc.integer({ min: 1, max: 9 }),
        isRepeated: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("check-in"), nth: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("die"), nth: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("free"), process }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("move"), process }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("look"), process }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("limit"), limit: fc.integer({ min: 1, max: 9 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("wait"),
        durationMs: fc.constantFrom(1, SPLIT_KEPT_MS, SPLIT_KEPT_MS, LEASE_MS + 1),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("spoil"),
        process,
        nth: fc.integer({ min: 1, max: 5 }),
        mishap: fc.constantFrom<Mishap[]>("unreachable", "lost"),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("progress"), count: fc.integer({ min: 1, max: 150 }) }),
    },
  ),
  { minLength: 20, maxLength: 90, size: "max" },
);

interface Entry {
  readonly process: BreakerProcess;
  readonly held: HeldPermits;
  readonly untilMs: number;
}

test("whatever contracts, moves, deaths and lost answers interleave: never more than the larger X, and all of it in the end", async () => {
  let movesDone = 0;
  let lentWhileMoving = 0;
  await fc.assert(
    fc.asyncProperty(steps, contract, contract, fc.scheduler(), async (run, older, newer, scheduler) => {
      const harness = createBreakerHarness({ between: (port) => inAnyOrder(port, scheduler) });
      const processes = [older, newer, older, newer].map((one) => harness.start(one));
      const largest = Math.max(older.maxConcurrency, newer.maxConcurrency);
      const underWay: Promise<unknown>[] = [];
      const held: Entry[] = [];
      let holders = 0;

      await harness.items.setSplit(0, firstSplit(older.shardCount, 0));
      for (const step of run) {
        await take(step);
        expectBound();
      }
      for (const one of processes) spoil(one, () => undefined);
      await settle();
      expectBound();
      const { version } = (await harness.items.read(0)).split;
      movesDone += Math.floor((version - 1) / 2);
      await finish();

      async function take(step: Step): Promise<void> {
        const chosen = processes["process" in step ? step.process : 0];
        if (chosen === undefined) throw new Error("there is no such process");
        switch (step.kind) {
          case "wait":
            return harness.clock.advance(step.durationMs);
          case "progress":
            for (let done = 0; done < step.count && scheduler.count() > 0; done += 1) {
              await scheduler.waitOne();
              expectBound();
            }
            return;
          case "spoil":
            return spoil(chosen, everyNth(step.nth, step.mishap));
          case "look":
            return start(chosen.breaker.look());
          case "free":
            return start(chosen.permits.freeDoubtful());
          case "move":
            return start(moveOnce(chosen));
          case "limit":
            return start(decideLimit(chosen, step.limit));
          case "check-out":
            return start(checkOut(chosen, step.wanted, step.isRepeated));
          case "check-in":
          case "die": {
            const [entry] = held.splice(step.nth % Math.max(1, held.length), 1);
            if (step.kind === "die" || entry === undefined) return;
            const report = { epoch: entry.held.epoch, evidence: { okCount: 1 }, atMs: harness.clock.nowMs() };
            return start(entry.process.permits.checkIn(entry.held, report, new Set()));
          }
        }
      }

      async function moveOnce(one: BreakerProcess): Promise<void> {
        const { split } = await harness.items.read(0);
        await one.shardMover.move(split, harness.clock.nowMs());
      }

      /** A law that wants another limit: its decision is committed and spread as any. */
      async function decideLimit(one: BreakerProcess, limit: number): Promise<void> {
        const wanting = harness.start({ ...older, law: lawThatWants(limit) });
        wanting.items.spoil(() => undefined);
        await wanting.breaker.look();
        await one.breaker.look();
      }

      async function checkOut(one: BreakerProcess, wanted: number, isRepeated: boolean): Promise<void> {
        holders += 1;
        const nowMs = harness.clock.nowMs();
        const request = {
          holderId: `holder-${holders}`,
          wanted,
          isRepeated,
          nowMs,
          leaseUntilMs: nowMs + LEASE_MS,
        };
        const answer = await one.permits.checkOut(request);
        if (answer.kind !== "granted") return;
        if ((await harness.items.read(0)).split.kind === "draining") lentWhileMoving += 1;
        held.push({ process: one, held: answer.permits, untilMs: request.leaseUntilMs });
      }

      function expectBound(): void {
        const nowMs = harness.clock.nowMs();
        const live = held.filter(({ untilMs }) => untilMs >= nowMs);
        const inFlightCount = live.reduce((sum, entry) => sum + entry.held.leases.length, 0);
        expect(inFlightCount).toBeLessThanOrEqual(largest);
      }

      /** The older version is gone, and its permits with it: the newer one has its split, and lends all of X. */
      async function finish(): Promise<void> {
        const waker = harness.start(newer);
        held.length = 0;
        for (let round = 0; round < 3; round += 1) {
          harness.clock.advance(SPLIT_KEPT_MS + LEASE_MS);
          start(moveOnce(waker).then(() => waker.breaker.look()));
          await settle();
        }
        expect((await harness.items.read(0)).split).toMatchObject({
          kind: "lending",
          count: newer.shardCount,
        });
        const { limit } = await harness.items.read(0);
        const wanted = Math.min(limit, newer.maxConcurrency);
        for (let tries = 0; tries < 4 * wanted; tries += 1) {
          start(checkOut(waker, 1, false));
          await settle();
          if (tries === 0) expect(held).toHaveLength(1);
        }
        expectBound();
        expect(held).toHaveLength(wanted);
      }

      function start(call: Promise<unknown>): void {
        underWay.push(call.catch(expectUnreachable));
      }

      async function settle(): Promise<void> {
        await scheduler.waitFor(Promise.all(underWay.splice(0)));
      }
    }),
    { numRuns: 200 },
  );
  expect(movesDone).toBeGreaterThan(100);
  expect(lentWhileMoving).toBeGreaterThan(0);
});

function lawThatWants(limit: number): Law<TinyState> {
  return {
    ...tinyLaw,
    decide(state) {
      const next = { ...state, limit, epoch: state.epoch + 1 };
      return { state: next, decision: { rule: "wanted", inputs: {}, before: state, after: next } };
    },
  };
}

/** Lets each call begin, and each answer arrive, whenever the scheduler likes. */
function inAnyOrder<Port extends object>(port: Port, scheduler: fc.Scheduler): Port {
  const methods = Object.entries(port).map(([name, call]) => {
    const delayed = async (...given: unknown[]) => {
      await scheduler.schedule(Promise.resolve(), `${name} begins`);
      const answer = await call(...given);
      await scheduler.schedule(Promise.resolve(), `${name} answers`);
      return answer;
    };
    return [name, delayed];
  });
  return Object.fromEntries(methods) as Port;
}

function spoil(one: BreakerProcess, rule: (method: string) => Mishap | undefined): void {
  for (const part of [one.store, one.items, one.events]) part.spoil(rule);
}

function everyNth(nth: number, mishap: Mishap): () => Mishap | undefined {
  let calls = 0;
  return () => {
    calls += 1;
    return calls % nth === 0 ? mishap : undefined;
  };
}

function expectUnreachable(thrown: unknown): void {
  expect(thrown).toBeInstanceOf(Unreachable);
}
