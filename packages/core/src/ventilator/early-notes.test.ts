import { demoProvider } from "@sluice/testing/demo-provider";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import type { RunStore } from "../ports/run-store.ts";
import { MESSAGE_VERSION, messageBody } from "../records/message.ts";
import { createMemoryRunStore } from "../storage/memory-run-store.ts";

const provider = { ...demoProvider(), maxConcurrency: 4 };
/** Lets all that is under way run to its next wait. */
const settled = () => new Promise(setImmediate);

interface Plan {
  /** Runs, and the records of each. */
  readonly runs: Readonly<Record<string, readonly string[]>>;
  /** The call of the record `slow` lasts for so long after the others' have ended. */
  readonly slowMs: number;
  readonly store?: RunStore;
}

/** Runs an express batch, and answers with the runs that were done before the slow call was, and after the batch. */
async function runBatch({ runs, slowMs, store = createMemoryRunStore() }: Plan) {
  const runIds = Object.keys(runs);
  const done = async () => {
    const all = await Promise.all(runIds.map((runId) => store.read(runId)));
    return all.flatMap((run) => (run?.completion === undefined ? [] : [run.runId]));
  };
  let doneMeanwhile: readonly string[] = [];
  const harness = createVentilatorHarness(
    async (request, { clock }) => {
      if (request.recordId === "slow") {
        await settled();
        clock.advance(slowMs);
        await settled();
        doneMeanwhile = await done();
      }
      return reply(request, { kind: "ok", latencyMs: 12 });
    },
    { provider, runs: store },
  );
  const messages = Object.entries(runs).flatMap(([runId, recordIds]) =>
    recordIds.map((recordId, number) => {
      const names = { provider: "demo", runId, correlationId: runId, recordId, number };
      return messageFor(recordId, { body: messageBody({ version: MESSAGE_VERSION, ...names }) });
    }),
  );
  for (const [runId, recordIds] of Object.entries(runs)) {
    const names = { runId, correlationId: runId, lane: "express" } as const;
    const plan = { plannedCount: recordIds.length, digest: "", isSealed: true };
    await store.open({ ...names, ...plan, createdAtMs: harness.clock.nowMs() });
  }
  const handedBack = await harness.run(messages, { isUrgent: true });
  return { handedBack, doneMeanwhile, doneAfter: await done(), told: harness.announcements.length };
}

/** A store whose marks and completions are counted, and whose first ones fail. */
function countingStore(failCount = 0): { store: RunStore; writes(): number } {
  let writes = 0;
  const memory = createMemoryRunStore();
  const counted =
    <Given extends unknown[], T>(write: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      writes += 1;
      if (writes <= failCount) throw new Unreachable("the table", new Error("away"));
      return write(...given);
    };
  const store = { ...memory, mark: counted(memory.mark), complete: counted(memory.complete) };
  return { store, writes: () => writes };
}

test("whoever waits for an express run does not wait for the calls of others of its batch", async () => {
  const runs = { quick: ["quick"], slow: ["slow"] };
  const { handedBack, doneMeanwhile, doneAfter, told } = await runBatch({ runs, slowMs: 1_000 });
  expect(doneMeanwhile).toEqual(["quick"]);
  expect(doneAfter).toEqual(["quick", "slow"]);
  expect(handedBack).toEqual([]);
  expect(told).toBe(2);
});

test("an end that was noted meanwhile is not written again when the batch ends", async () => {
  const { store, writes } = countingStore();
  await runBatch({ runs: { quick: ["quick"], slow: ["slow"] }, slowMs: 1_000, store });
  expect(writes()).toBe(2);
});

test("ends that come within a second are one write", async () => {
  const runs = { run: ["a", "b", "c", "slow"] };
  const short = countingStore();
  await runBatch({ runs, slowMs: 900, store: short.store });
  const long = countingStore();
  const { doneAfter } = await runBatch({ runs, slowMs: 1_000, store: long.store });
  expect(doneAfter).toEqual(["run"]);
  expect([short.writes(), long.writes()]).toEqual([2, 3]);
});

test("what can't be noted meanwhile is noted when the batch ends", async () => {
  const runs = { quick: ["quick"], slow: ["slow"] };
  const { store } = countingStore(8);
  const { handedBack, doneAfter } = await runBatch({ runs, slowMs: 60_000, store });
  expect(doneAfter).toEqual(["quick", "slow"]);
  expect(handedBack).toEqual([]);
});
