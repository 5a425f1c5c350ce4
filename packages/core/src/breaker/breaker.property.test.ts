import { type BreakerProcess, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { type TinyState, tinyLaw } from "@sluice/testing/tiny-law";
import type { Mishap } from "@sluice/testing/watch-calls";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { UNDECIDED } from "../law/control.ts";
import { EVIDENCE_SUMS, type Evidence, NO_EVIDENCE, plus } from "../law/evidence.ts";
import type { Law } from "../law/law.ts";
import type { PermitItems } from "../ports/permit-items.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";

type Step =
  | {
      readonly kind: "report";
      readonly process: number;
      readonly shard: number;
      /** How many epochs behind the shard its requests were started. */
      readonly lateBy: number;
      readonly evidence: Partial<Evidence>;
    }
  | { readonly kind: "look"; readonly process: number }
  | { readonly kind: "probe-due"; readonly process: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  /** From now on, every n-th call of a process goes wrong. */
  | { readonly kind: "spoil"; readonly process: number; readonly nth: number; readonly mishap: Mishap }
  /** So many of the calls that are under way begin or end. */
  | { readonly kind: "progress"; readonly count: number };

const PROCESSES = 3;
const process = fc.nat(PROCESSES - 1);

const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("report"),
        process,
        shard: fc.nat(),
        lateBy: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constant(1)),
        evidence: fc.oneof(
          fc.record({ okCount: fc.integer({ min: 1, max: 3 }) }),
          fc.record({ faultCount: fc.integer({ min: 1, max: 2 }) }),
          fc.record({ okCount: fc.nat(2), throttledCount: fc.nat(2) }),
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("look"), process }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("probe-due"), process }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("wait"), durationMs: fc.integer({ min: 1, max: 40_000 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("progress"), count: fc.integer({ min: 1, max: 30 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("spoil"),
        process,
        nth: fc.integer({ min: 1, max: 4 }),
        mishap: fc.constantFrom<Mishap[]>("unreachable", "lost"),
      }),
    },
  ),
  { minLength: 20, maxLength: 80, size: "max" },
);

test("however reports, looks and mishaps of many processes interleave, the law sees each count of an epoch once", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 3 }),
      fc.scheduler(),
      async (run, shardCount, scheduler) => {
        const { items, accepted } = noteAccepted(createMemoryPermitItems());
        const harness = createBreakerHarness({
          shardCount,
          items,
          between: (port) => inAnyOrder(port, scheduler),
        });
        const processes = Array.from({ length: PROCESSES }, () => harness.start({ law: refusingLess }));
        const underWay: Promise<unknown>[] = [];

        for (const step of run) await take(step);
        await settle();
        for (const one of processes) spoil(one, () => undefined);
        for (const { breaker } of processes) {
          harness.clock.advance(5_000);
          underWay.push(breaker.look());
          await settle();
        }

        const nothing = { epoch: 0, phase: "closed", limit: 3, seen: {} as TinyState["seen"] };
        const { epoch, phase, limit, seen } = (await harness.state()) ?? nothing;
        const shards = await harness.shards();
        for (const shard of shards) {
          const limitInForce = shard.limit === UNDECIDED.limit ? 3 : shard.limit;
          expect({ ...shard, limit: limitInForce }).toMatchObject({ epoch, phase, limit });
        }
        const held = shards.reduce((sum, { evidence }) => plus(sum, evidence), NO_EVIDENCE);
        expect(seen[epoch] ?? NO_EVIDENCE).toEqual(held);
        for (const [past, evidence] of Object.entries(seen)) {
          for (const key of EVIDENCE_SUMS) {
            expect(evidence[key]).toBeGreaterThanOrEqual(0);
            expect(evidence[key]).toBeLessThanOrEqual(accepted.get(Number(past))?.[key] ?? 0);
          }
        }

        async function take(step: Step): Promise<void> {
          switch (step.kind) {
            case "wait":
              return harness.clock.advance(step.durationMs);
            case "progress":
              for (let done = 0; done < step.count && scheduler.count() > 0; done += 1) {
                await scheduler.waitOne();
              }
              return;
            case "spoil":
              return spoil(processes[step.process], everyNth(step.nth, step.mishap));
            case "look":
              return start(processes[step.process]?.breaker.look());
            case "probe-due":
              return start(processes[step.process]?.breaker.observe({ kind: "probe-due", hasRecord: false }));
            case "report": {
              const shard = step.shard % shardCount;
              const { epoch: present } = await items.read(shard);
              const reported = await harness.report(step.evidence, {
                shard,
                epoch: Math.max(0, present - step.lateBy),
              });
              return start(processes[step.process]?.breaker.consider(reported));
            }
          }
        }

        function start(call: Promise<unknown> | undefined): void {
          underWay.push(call?.catch(expectUnreachable) ?? Promise.resolve());
        }

        async function settle(): Promise<void> {
          await scheduler.waitFor(Promise.all(underWay.splice(0)));
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** A law that is never shown less than nothing. */
const refusingLess: Law<TinyState> = {
  ...tinyLaw,
  decide(state, observation, config, nowMs) {
    if (observation.kind === "report") {
      for (const key of EVIDENCE_SUMS) expect(observation.evidence[key]).toBeGreaterThanOrEqual(0);
    }
    return tinyLaw.decide(state, observation, config, nowMs);
  },
};

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

/** Permit items that write down the evidence that they took in, by epoch. */
function noteAccepted(inner: PermitItems): { items: PermitItems; accepted: Map<number, Evidence> } {
  const accepted = new Map<number, Evidence>();
  const items: PermitItems = {
    ...inner,
    async report(shard, report) {
      const after = await inner.report(shard, report);
      const { epoch, evidence } = report;
      if (after.epoch === epoch) accepted.set(epoch, plus(accepted.get(epoch) ?? NO_EVIDENCE, evidence));
      return after;
    },
  };
  return { items, accepted };
}

function spoil(one: BreakerProcess | undefined, rule: (method: string) => Mishap | undefined): void {
  for (const part of [one?.store, one?.items, one?.events]) part?.spoil(rule);
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
