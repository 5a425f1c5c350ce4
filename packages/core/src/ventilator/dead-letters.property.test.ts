import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { createVentilatorHarness, messageFor, reply } from "@sluice/testing/ventilator-harness";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MESSAGE_MAX_BYTES } from "../aws-bounds.ts";
import type { QueueEntry } from "../ports/queue.ts";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import { sendDeadLetter } from "./dead-letters.ts";

/** Any text, halves of surrogate pairs and what SQS refuses included, short and long. */
const texts = fc
  .tuple(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 50 }),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
        .map((units) => String.fromCharCode(...units)),
    ),
    fc.constantFrom(1, 3, 100, 20_000),
  )
  .map(([text, times]) => text.repeat(times));

/** Room that a body leaves in its message, in bytes: as often as not hardly any. */
const rooms = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: MESSAGE_MAX_BYTES - 1 }));

/** Bytes of a message as SQS counts them. */
function bytesOf({ body, attributes = {} }: QueueEntry): number {
  const parts = Object.entries(attributes).flatMap(([name, value]) => [name, "String", value]);
  return Buffer.byteLength([body, ...parts].join(""), "utf8");
}

test("whatever the cause and however large the body, SQS takes the letter, and its body is the message's", async () => {
  await fc.assert(
    fc.asyncProperty(texts, rooms, async (cause, roomBytes) => {
      const queue = createMemoryQueue();
      const body = "é".repeat((MESSAGE_MAX_BYTES - roomBytes) >> 1);
      const letter = { cause, attempts: 3, deadLetteredAtMs: 1_795_003_260_000 };
      await sendDeadLetter(queue, messageFor("a", { body }), letter);
      const [sent] = queue.entries as [QueueEntry];
      expect(sent.body).toBe(body);
      expect(bytesOf(sent)).toBeLessThanOrEqual(MESSAGE_MAX_BYTES);
      const text = sent.attributes?.[DEAD_LETTER_ATTRIBUTE];
      if (roomBytes > 120)
        expect(JSON.parse(text ?? "")).toMatchObject({ attempts: 3, cause: expect.any(String) });
      expect(text ?? "x").toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]+$/);
      for (const id of [sent.groupId, sent.deduplicationId]) expect(id).toMatch(/^[!-~]{1,128}$/);
    }),
    { numRuns: 60 },
  );
});

test("a worker that says two megabytes has its record dead-lettered, once, and the row says why", async () => {
  const cause = `HTTP 404: ${"🦊".repeat(500_000)}`;
  const harness = createVentilatorHarness((request) =>
    reply(request, { kind: "rejected", latencyMs: 1, cause }),
  );
  await harness.otherFetched();
  await harness.run([messageFor("a")]);
  expect(await harness.run([messageFor("a")])).toEqual([]);
  const [letter] = harness.deadLetters.entries as [QueueEntry];
  expect(bytesOf(letter)).toBeLessThan(5_000);
  const row = await harness.rowOf("a");
  expect(row?.status).toBe("dead");
  expect(row?.history[0]?.cause).toMatch(/^HTTP 404: (🦊)+…$/u);
});

test("a worker that crashes with two megabytes of text costs an attempt, and no more", async () => {
  const harness = createVentilatorHarness(() => ({ kind: "crashed", cause: "x".repeat(2_000_000) }));
  await harness.run([messageFor("a")]);
  expect((await harness.rowOf("a"))?.history[0]?.cause?.length).toBeLessThanOrEqual(500);
});

test("a malformed message of a full megabyte is a dead letter all the same", async () => {
  const harness = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" }));
  const body = JSON.stringify({ version: 2 }).padEnd(MESSAGE_MAX_BYTES);
  expect(await harness.run([messageFor("bad", { body })])).toEqual([]);
  expect(harness.deadLetters.entries).toMatchObject([{ body }]);
});
