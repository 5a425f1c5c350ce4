import { createFakeClock } from "@sluice/testing/fake-clock";
import { silentLog } from "@sluice/testing/silent-log";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { Announcement } from "../ports/announcer.ts";
import type { RunStore } from "../ports/run-store.ts";
import { type EndCounts, RECORD_ENDS, type RecordEnd } from "../records/record-end.ts";
import { createMemoryHistoryStore } from "../storage/memory-history-store.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";
import type { EndedRecord } from "./ended-record.ts";
import { createLedger } from "./ledger.ts";
import { NO_ENDS } from "./parts.ts";
import { readRunStatus } from "./run-status.ts";

/** What happens to one call: it is carried out, or not, or is and nobody is told. */
const fates = fc.constantFrom("fine", "fine", "fine", "refused", "lost");
type Fate = "fine" | "refused" | "lost";

interface Story {
  readonly total: number;
  /** Ends as they are noted, batch by batch: of any record, several times, in any order. */
  readonly batches: readonly (readonly { readonly at: number; readonly end: RecordEnd }[])[];
  readonly fates: readonly Fate[];
  /** The batch before which the run is sealed; below 0 it is from the beginning. */
  readonly sealedAtBatch: number;
}

const story: fc.Arbitrary<Story> = fc.record({
  total: fc.oneof(
    fc.constant(1),
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom(199, 200, 201, 400, 401, 650),
  ),
  batches: fc.array(
    fc.array(fc.record({ at: fc.nat(), end: fc.constantFrom(...RECORD_ENDS) }), {
      minLength: 1,
      maxLength: 10,
    }),
    { maxLength: 12 },
  ),
  fates: fc.array(fates, { minLength: 60, maxLength: 200, size: "max" }),
  sealedAtBatch: fc.integer({ min: -6, max: 12 }),
});

/** A port whose calls have the fates of a story, one by one, and are fine afterwards. */
function spoilt<Port extends object>(port: Port, next: () => Fate): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || name === "parts" || name === "lost" || name === "rosters")
        return member;
      return async (...given: unknown[]) => {
        const fate = next();
        if (fate === "refused") throw new Unreachable("the table", "refused");
        const answer: unknown = await Reflect.apply(member, target, given);
        if (fate === "lost") throw new Unreachable("the table", "no answer");
        return answer;
      };
    },
  });
}

async function countsIn(runs: RunStore): Promise<EndCounts> {
  const status = await readRunStatus("run", {
    runs,
    history: createMemoryHistoryStore(),
    clock: { nowMs: () => 0 },
  });
  return status?.counts ?? NO_ENDS;
}

const strongest = (ends: ReadonlySet<RecordEnd>) => RECORD_ENDS.find((end) => ends.has(end));

test("whatever fails, and however often an end is noted, a run is completed once, when all its records have ended", async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ total, batches, fates: given, sealedAtBatch }) => {
      const store = createMemoryRunStore();
      const told: Announcement[] = [];
      const clock = createFakeClock();
      const left = [...given];
      const next = () => left.shift() ?? "fine";
      // Each batch may find another process, which knows nothing yet.
      const ledgerOf = () =>
        createLedger({
          provider: "demo",
          runs: spoilt(store, next),
          history: createMemoryHistoryStore(),
          announcer: spoilt(
            { announce: async (news: readonly Announcement[]) => void told.push(...news) },
            next,
          ),
          clock,
          log: silentLog,
        });
      const run = { runId: "run", correlationId: "c", lane: "records", createdAtMs: 0 } as const;
      await store.open({ ...run, plannedCount: total, digest: "", isSealed: sealedAtBatch < 0 });
      const seal = () =>
        store.plan("run", {
          fromCount: total,
          plannedCount: total,
          digest: "",
          isSealed: true,
          sentCount: 0,
        });
      const noted = new Map<number, Set<RecordEnd>>();
      const all = Array.from({ length: total }, (_, at) => ({ at, end: "fetched" as const }));
      const tens = Array.from({ length: Math.ceil(total / 10) }, (_, at) => all.slice(at * 10, at * 10 + 10));
      let ledger = ledgerOf();
      for (const [index, batch] of [...batches, ...tens].entries()) {
        if (index === Math.min(sealedAtBatch, batches.length)) await seal();
        if (index % 3 === 0) ledger = ledgerOf();
        let due = batch.map(({ at, end }): EndedRecord => {
          const number = at % total;
          return { runId: "run", number, recordId: `r${number}`, end, cause: "why" };
        });
        const isWhole = noted.size === total;
        // A message that could not be acknowledged comes again.
        while (due.length > 0) {
          const failed = await ledger.note(due, clock.nowMs());
          for (const { number, end } of due.filter((each) => !failed.includes(each))) {
            noted.set(number, (noted.get(number) ?? new Set()).add(end));
          }
          due = [...failed];
          clock.advance(1_000);
          const completion = (await store.read("run"))?.completion;
          if (completion !== undefined)
            expect(Object.values(await countsIn(store)).reduce((a, b) => a + b)).toBe(total);
        }
        if (isWhole && index >= sealedAtBatch) expect((await store.read("run"))?.completion).toBeDefined();
      }
      const completion = (await store.read("run"))?.completion;
      expect(completion?.isAnnounced).toBe(true);
      const truth = { ...NO_ENDS };
      for (const ends of noted.values()) truth[strongest(ends) ?? "fetched"] += 1;
      expect(await countsIn(store)).toEqual(truth);
      const completed = told.filter(({ kind }) => kind === "Run Completed");
      expect(completed.length).toBeGreaterThanOrEqual(1);
      expect(new Set(completed.map(({ id }) => id)).size).toBe(1);
    }),
    { numRuns: 300 },
  );
});
