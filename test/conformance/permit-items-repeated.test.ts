import { NO_EVIDENCE } from "@sluice/core/law";
import { firstSplit, makeLeases } from "@sluice/core/permits";
import type { PermitItems } from "@sluice/core/ports";
import { createPermitItems } from "@sluice/core/storage";
import { createMemoryPermitItems } from "@sluice/core/storage/memory";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startTable } from "../support/dynalite-table.ts";

const HOLDERS = 3;
const holder = fc.nat(HOLDERS - 1);

type Step =
  /** A holder's next call: it takes, reports with what it gives back, and takes again. */
  | { readonly kind: "act"; readonly holder: number }
  /** A holder's last call comes again, as it was, because its answer was lost. */
  | { readonly kind: "repeat"; readonly holder: number }
  | { readonly kind: "decide" };

const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("act"), holder }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("repeat"), holder }) },
    { weight: 1, arbitrary: fc.constant({ kind: "decide" }) },
  ),
  { minLength: 10, maxLength: 40, size: "max" },
);

test("in memory, calls that come again change nothing", async () => {
  const items = createMemoryPermitItems();
  await expectNoRepeatToCount(items, 200);
});

test("on DynamoDB, calls that come again change nothing", async () => {
  const table = await startTable();
  await expectNoRepeatToCount(createPermitItems(table, "demo"), 10);
  await table.stop();
});

async function expectNoRepeatToCount(items: PermitItems, numRuns: number): Promise<void> {
  let shard = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      shard += 1;
      const index = shard;
      await items.setSplit(index, firstSplit(1, 1));
      const holders = Array.from({ length: HOLDERS }, () => ({ taken: 0, isOut: false, epoch: 0 }));
      const lastCalls = new Map<number, () => Promise<unknown>>();
      let epoch = 0;
      let okCount = 0;

      for (const step of run) {
        if (step.kind === "decide") {
          epoch += 1;
          okCount = 0;
          await items.setControl(index, { phase: "closed", limit: HOLDERS, epoch });
        } else {
          if (step.kind === "act") lastCalls.set(step.holder, nextCall(step.holder));
          await lastCalls.get(step.holder)?.();
        }
        const { leases, evidence } = await items.read(index);
        expect(leases).toHaveLength(holders.filter(({ isOut }) => isOut).length);
        expect(evidence).toEqual({ ...NO_EVIDENCE, okCount });
      }

      function nextCall(name: number): () => Promise<unknown> {
        const state = holders[name];
        if (state === undefined) throw new Error("there is no such holder");
        const leases = makeLeases(`${name}-${state.taken}`, 1, 1, 2);
        if (state.isOut) {
          const report = { epoch: state.epoch, evidence: { okCount: 1 }, atMs: 1 };
          if (state.epoch === epoch) okCount += 1;
          Object.assign(state, { isOut: false, taken: state.taken + 1 });
          return () => items.giveBack(index, leases, report);
        }
        Object.assign(state, { isOut: true, epoch });
        const conditions = { ifPhase: "closed", ifLimit: HOLDERS, ifSplit: 1, ifAtMostOut: HOLDERS } as const;
        return () => items.take({ shardIndex: index, leases, ...conditions, nowMs: 1 });
      }
    }),
    { numRuns },
  );
}
