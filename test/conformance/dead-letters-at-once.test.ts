import { createBrowsableSqsQueue } from "@sluice/aws/browsable-sqs-queue";
import { readDeadLetters, redrive } from "@sluice/core/dead-letters";
import { DEAD_LETTER_ATTRIBUTE, MESSAGE_VERSION, messageBody } from "@sluice/core/records";
import { createMemoryEventStore, createMemorySchedulerStores } from "@sluice/core/storage/memory";
import { createQueue } from "@sluice/local/cloud";
import { lotOf } from "@sluice/sim/provider-simulator";
import { demoProvider } from "@sluice/testing/demo-provider";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { silentLog } from "@sluice/testing/silent-log";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openVirtualSqs, pass } from "../support/virtual-sqs.ts";

/** Longest that a call takes on its way, and that two people begin apart, in ms. */
const WAY_MAX_MS = 40;
const APART_MAX_MS = 2_500;
const MINUTE_MS = 60_000;

/** Dead letters on the virtual SQS, and people who reach them over calls that take their time. */
async function openLetters(count: number, seed: number) {
  const { clock, client, clientThrough } = openVirtualSqs();
  const plan = { name: "dead.fifo", visibilityTimeoutMs: 30_000, retentionMs: 14 * 24 * 60 * MINUTE_MS };
  const { url } = await createQueue(client, plan);
  const queue = createBrowsableSqsQueue(client, url);
  for (let number = 0; number < count; number += 1) {
    const recordId = `r${number}`;
    const ids = { runId: "tonight", correlationId: "tonight", recordId, number };
    const body = messageBody({ version: MESSAGE_VERSION, provider: "demo", ...ids });
    const attributes = {
      [DEAD_LETTER_ATTRIBUTE]: JSON.stringify({ cause: "HTTP 404", attempts: 3, deadLetteredAtMs: 1 }),
    };
    await queue.send([{ groupId: recordId, deduplicationId: recordId, body, attributes }]);
    await pass(clock, 1);
  }
  const lane = createMemoryQueue(clock.nowMs);
  let drawn = 0;
  const random = { next: () => lotOf(seed, `lot ${drawn++}`) };
  const person = () => {
    const around = clientThrough(async (_request, apply) => {
      await clock.sleep(WAY_MAX_MS * random.next());
      const answer = await apply();
      await clock.sleep(WAY_MAX_MS * random.next());
      return answer;
    });
    return {
      provider: demoProvider(),
      deadLetters: createBrowsableSqsQueue(around, url),
      lanes: { records: lane, express: lane },
      runs: createMemorySchedulerStores().runs,
      events: createMemoryEventStore(),
      clock,
      ids: { next: () => "id" },
      random,
      log: silentLog,
    };
  };
  return { clock, queue, lane, person };
}

const situation = {
  count: fc.integer({ min: 1, max: 60 }),
  apartMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: APART_MAX_MS })),
  seed: fc.nat({ max: 1_000_000 }),
};

test("two who look at dead letters at once both see all of them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.record(situation), async ({ count, apartMs, seed }) => {
      const { clock, queue, person } = await openLetters(count, seed);
      const first = readDeadLetters({}, person());
      const second = clock.sleep(apartMs).then(() => readDeadLetters({}, person()));
      await pass(clock, MINUTE_MS);
      for (const { letters, isComplete } of await Promise.all([first, second])) {
        expect(isComplete).toBe(true);
        expect(letters.map(({ message }) => message?.number)).toEqual(
          Array.from({ length: count }, (_, n) => n),
        );
      }
      expect(await queue.depth()).toEqual({ visibleCount: count, inFlightCount: 0 });
    }),
    { numRuns: 100 },
  );
});

/** At three a second, sixty letters take so long. */
const duringRedrive = fc.integer({ min: 0, max: 20_000 });

test("a redrive puts all back, although somebody looks at them meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ ...situation, apartMs: duringRedrive }),
      async ({ count, apartMs, seed }) => {
        const { clock, queue, lane, person } = await openLetters(count, seed);
        const author = { by: "anna", reason: "they have mended it" };
        const request = {
          ...author,
          filter: { kind: "all" },
          expectedCount: count,
          ratePerSecond: 3,
        } as const;
        const redriven = redrive(request, person());
        const looked = clock.sleep(apartMs).then(() => readDeadLetters({}, person()));
        await pass(clock, MINUTE_MS);
        await looked;
        expect(await redriven).toMatchObject({ redrivenCount: count, isComplete: true });
        expect(lane.entries).toHaveLength(count);
        expect(await queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
      },
    ),
    { numRuns: 100 },
  );
});
