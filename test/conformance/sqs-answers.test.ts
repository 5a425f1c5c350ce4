import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import { byLane } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import { createMemorySchedulerStores } from "@sluice/core/storage/memory";
import { createFakeClock, type FakeClock } from "@sluice/testing/fake-clock";
import { createVentilatorHarness, messageFor } from "@sluice/testing/ventilator-harness";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  answers,
  hangsUp,
  type Line,
  refuses,
  type ScriptedSqs,
  says,
  startScriptedSqs,
  staysSilent,
  takesAll,
} from "../support/scripted-sqs.ts";
import { entryOf } from "./queue.conformance.ts";

let sqs: ScriptedSqs | undefined;
afterEach(async () => {
  await sqs?.stop();
  sqs = undefined;
});

async function queueThat(...lines: readonly Line[]) {
  sqs = await startScriptedSqs(...lines);
  return { sqs, queue: createSqsQueue(sqs.client, `${sqs.url}/000000000000/a.fifo`) };
}

/** What became of three entries, a letter each: taken, to be sent again, refused for good. */
function letters(failures: readonly { readonly index: number; readonly isFinal: boolean }[]): string {
  const ends = ["t", "t", "t"];
  for (const { index, isFinal } of failures) ends[index] = isFinal ? "r" : "a";
  expect(new Set(failures.map(({ index }) => index)).size).toBe(failures.length);
  return ends.join("");
}

/** Answers to a batch of three with the status 200, and what became of its entries. */
const BATCH_ANSWERS: readonly [says: string, line: Line, ends: string][] = [
  ["takes all", answers("0 1 2"), "ttt"],
  ["takes all, in another order", answers("2 0 1"), "ttt"],
  ["takes all, one twice", answers("0 1 2 1"), "ttt"],
  ["takes all and one that nobody sent", answers("0 1 2 7"), "ttt"],
  ["is empty", says(200, {}), "aaa"],
  ["has two empty lists", answers("|"), "aaa"],
  ["has nulls for lists", says(200, { Successful: null, Failed: null }), "aaa"],
  ["is null", says(200, "null"), "aaa"],
  ["is no object", says(200, '"ok"'), "aaa"],
  ["has no body", says(200, ""), "aaa"],
  ["takes one and is silent about two", answers("1"), "ata"],
  ["takes two and is silent about one", answers("0 2"), "tat"],
  ["takes none and fails one", answers("| 0:InternalError"), "aaa"],
  ["takes two and fails one that nobody sent", answers("0 1 | 9:X!"), "tta"],
  ["takes two and fails the position after the last", answers("0 1 | 3:X!"), "tta"],
  ["fails a name that is no number", answers("0 | x:X!"), "taa"],
  ["fails an empty name", answers("| :InvalidMessageContents!"), "aaa"],
  ["fails names that only read as a number", answers("| 1.0:X! 01:X! +1:X! 1e0:X!"), "aaa"],
  ["fails names of every object", answers("| __proto__:X! length:X! constructor:X!"), "aaa"],
  ["takes names of every object", says(200, { Successful: [{ Id: "__proto__" }, { Id: "length" }] }), "aaa"],
  ["fails one without a name", says(200, { Failed: [{ Code: "X", SenderFault: true }] }), "aaa"],
  ["takes and fails the same, for good", answers("0 1 2 | 1:X!"), "tat"],
  ["takes and fails the same, for now", answers("0 1 2 | 1:X"), "tat"],
  ["fails one twice, for good", answers("0 2 | 1:X! 1:X!"), "trt"],
  ["fails one for good and for now", answers("0 2 | 1:X! 1:X"), "tat"],
  ["fails one for now and for good", answers("0 2 | 1:X 1:X!"), "tat"],
  ["fails the first", answers("1 2 | 0:InvalidMessageContents!"), "rtt"],
  ["fails the last", answers("0 1 | 2:InvalidMessageContents!"), "ttr"],
  ["fails all for good", answers("| 0:X! 1:X! 2:X!"), "rrr"],
  ["fails all, one for now", answers("| 0:X! 1:X 2:X!"), "rar"],
  ["has failures that are no list", says(200, { Failed: {} }), "aaa"],
  ["has failures that are no objects", says(200, { Failed: [null, 1, "0"] }), "aaa"],
  [
    "has one failure among what is none",
    says(200, { Failed: [7, { Id: "1", Code: "X", SenderFault: true }] }),
    "ara",
  ],
  ["fails by a number", says(200, { Failed: [{ Id: 0, Code: "X", SenderFault: true }] }), "aaa"],
  ["fails without a code, as nobody's fault", answers("1 2 | 0"), "att"],
  ["fails without a code, as the sender's fault", answers("1 2 | 0!"), "rtt"],
  ["fails without a word on the fault", says(200, { Failed: [{ Id: "0", Code: "X" }] }), "aaa"],
  [
    "fails with a fault that is a text",
    says(200, { Failed: [{ Id: "0", Code: "X", SenderFault: "true" }] }),
    "aaa",
  ],
];

describe("every entry of a batch is accounted for by its id, or is sent again", () => {
  test.each(BATCH_ANSWERS)("where the answer %s", async (_, line, ends) => {
    const { queue } = await queueThat(line);
    expect(letters(await queue.send(["a", "b", "c"].map(entryOf)))).toBe(ends);
  });
});

/** Codes of a failed entry that is said to be the sender's fault, and what becomes of it. */
const FAULT_CODES: readonly [code: string, end: "again" | "refused" | "stops"][] = [
  ["RequestThrottled", "again"],
  ["Throttling", "again"],
  ["ThrottlingException", "again"],
  ["ThrottledException", "again"],
  ["TooManyRequestsException", "again"],
  ["RequestLimitExceeded", "again"],
  ["OverLimit", "again"],
  ["KmsThrottled", "again"],
  ["KMS.ThrottlingException", "again"],
  ["KMS.TooManyRequestsException", "again"],
  ["KMS.LimitExceededException", "again"],
  ["KMS.DependencyTimeoutException", "again"],
  ["KMS.KMSInternalException", "again"],
  ["AWS.SimpleQueueService.RequestThrottled", "again"],
  ["AWS.SimpleQueueService.OverLimit", "again"],
  ["InternalError", "again"],
  ["InternalFailure", "again"],
  ["ServiceUnavailable", "again"],
  ["InvalidMessageContents", "refused"],
  ["InvalidParameterValue", "refused"],
  ["MissingParameter", "refused"],
  ["UnknownToAll", "refused"],
  ["AccessDenied", "stops"],
  ["AccessDeniedException", "stops"],
  ["KmsAccessDenied", "stops"],
  ["KmsDisabled", "stops"],
  ["KMS.AccessDeniedException", "stops"],
  ["KMS.DisabledException", "stops"],
  ["KMS.NotFoundException", "stops"],
  ["KMS.OptInRequired", "stops"],
];

describe("a failed entry ends by its code, whosever fault SQS calls it", () => {
  test.each(FAULT_CODES)("%s: %s", async (code, end) => {
    const { queue } = await queueThat(answers(`0 2 | 1:${code}!`));
    const sent = queue.send(["a", "b", "c"].map(entryOf));
    if (end === "stops")
      await expect(sent).rejects.toMatchObject({
        code: "queue-refuses",
        message: expect.stringContaining(code),
      });
    else expect(await sent).toEqual([{ index: 1, reason: code, isFinal: end === "refused" }]);
  });

  test.each(FAULT_CODES.filter(([, end]) => end === "refused"))(
    "%s is no fault of the entry where SQS says so",
    async (code) => {
      const { queue } = await queueThat(answers(`0 2 | 1:${code}`));
      expect(await queue.send(["a", "b", "c"].map(entryOf))).toEqual([
        { index: 1, reason: code, isFinal: false },
      ]);
    },
  );
});

const SUM_OF_A = "0cc175b9c0f1b6a831c399e269772661";

/** Answers that tell of no entry: all of them are sent again. */
const NO_ANSWERS: readonly [says: string, line: Line][] = [
  ["is HTML", says(200, "<html>a proxy</html>", { "content-type": "text/html" })],
  ["breaks off", says(200, '{"Successful":[')],
  [
    "is cut by a closed connection",
    (response) => void response.writeHead(200, { "content-length": 99 }).write("{", () => response.destroy()),
  ],
  [
    "has a digest of something else",
    says(200, { Successful: [{ Id: "0", MessageId: "m", MD5OfMessageBody: SUM_OF_A }] }),
  ],
  ["has no digest", says(200, { Successful: [{ Id: "0", MessageId: "m" }] })],
  ["never comes: the connection is closed", hangsUp],
  ["is a throttle", refuses("RequestThrottled", 403)],
  ["is the key's throttle", refuses("KMS.ThrottlingException", 400)],
  ["is an overload", refuses("ServiceUnavailable", 503)],
  ["is an error of SQS", refuses("InternalFailure", 500)],
  ["is a proxy's 502", says(502, "<html>Bad Gateway</html>", { "content-type": "text/html" })],
  ["is a proxy's 504 without a body", says(504, "")],
];

test.each(NO_ANSWERS)("an answer to a batch that %s makes SQS unreachable", async (_, line) => {
  const { queue } = await queueThat(line);
  await expect(queue.send(["a", "b", "c"].map(entryOf))).rejects.toBeInstanceOf(Unreachable);
});

/** Answers to a receive and to a question for depth that are none. */
const HALF_ANSWERS: readonly [says: string, call: "receiveOne" | "depth", body: unknown][] = [
  ["a message without anything", "receiveOne", { Messages: [{}] }],
  ["a message without a handle", "receiveOne", { Messages: [received({ ReceiptHandle: undefined })] }],
  ["a message without an id", "receiveOne", { Messages: [received({ MessageId: undefined })] }],
  ["a message without its receives", "receiveOne", { Messages: [received({ Attributes: {} })] }],
  [
    "a message with receives that are no number",
    "receiveOne",
    { Messages: [received({ Attributes: { ApproximateReceiveCount: "x" } })] },
  ],
  ["a body that is not the digest's", "receiveOne", { Messages: [received({ Body: "b" })] }],
  ["nothing", "depth", {}],
  ["no counts", "depth", { Attributes: {} }],
  ["one count of two", "depth", { Attributes: { ApproximateNumberOfMessages: "1" } }],
  [
    "counts that are no numbers",
    "depth",
    { Attributes: { ApproximateNumberOfMessages: "many", ApproximateNumberOfMessagesNotVisible: "" } },
  ],
  [
    "counts below nothing",
    "depth",
    { Attributes: { ApproximateNumberOfMessages: "-1", ApproximateNumberOfMessagesNotVisible: "0" } },
  ],
];

function received(changes: object): object {
  const attributes = { ApproximateReceiveCount: "1" };
  return {
    MessageId: "m",
    ReceiptHandle: "h",
    Body: "a",
    MD5OfBody: SUM_OF_A,
    Attributes: attributes,
    ...changes,
  };
}

test.each(HALF_ANSWERS)("an answer with %s is none to %s: SQS is unreachable", async (_, call, body) => {
  const { queue } = await queueThat(says(200, body));
  await expect(queue[call]()).rejects.toBeInstanceOf(Unreachable);
});

test.each<[says: string, body: unknown]>([
  ["an empty answer", {}],
  ["an empty list", { Messages: [] }],
])("%s to a receive is that no message is there", async (_, body) => {
  const { queue } = await queueThat(says(200, body));
  expect(await queue.receiveOne()).toBeUndefined();
});

test.each<[says: string, line: Line, ends: string]>([
  ["changes all", answers("0 1 2"), "ttt"],
  ["is empty", says(200, {}), "aaa"],
  ["changes one", answers("1"), "ata"],
  ["fails one as no longer in flight", answers("0 1 | 2:MessageNotInflight!"), "ttr"],
  [
    "fails one by the older protocol's name",
    answers("0 1 | 2:AWS.SimpleQueueService.MessageNotInflight!"),
    "ttr",
  ],
  ["says the same as nobody's fault", answers("0 1 | 2:AWS.SimpleQueueService.MessageNotInflight"), "ttr"],
  ["throttles one", answers("0 1 | 2:RequestThrottled!"), "tta"],
  ["fails one that nobody changed", answers("0 1 | 7:ReceiptHandleIsInvalid!"), "tta"],
])("every change of visibility is accounted for, where the answer %s", async (_, line, ends) => {
  const { queue } = await queueThat(line);
  const changes = ["a", "b", "c"].map((receiptHandle) => ({ receiptHandle, delayMs: 1_000 }));
  expect(letters(await queue.changeVisibility(changes))).toBe(ends);
});

test("a send whose signal is aborted ends at once, though SQS has not answered", async () => {
  const given = new AbortController();
  const { queue } = await queueThat((response) => {
    staysSilent(response, { operation: "", Entries: [] });
    given.abort(new Error("enough"));
  });
  const sent = queue.send([entryOf("a")], given.signal);
  await expect(sent).rejects.toThrow();
  await expect(sent).rejects.not.toBeInstanceOf(Unreachable);
});

/** Longer sleeps are limits of calls: the others are back-offs. */
const CALL_LIMIT_MIN_MS = 15_000;

/** A clock on which a back-off is over at once, and a call is never too late. */
function passingClock(): FakeClock {
  const clock = createFakeClock();
  return {
    ...clock,
    sleep: (durationMs, signal) =>
      clock.sleep(durationMs, durationMs < CALL_LIMIT_MIN_MS ? undefined : signal),
  };
}

/** A scheduler of the SDK's own client, whose waits take no time. */
async function schedulerOn(...lines: readonly Line[]) {
  const { sqs: place, queue } = await queueThat(...lines);
  const deps = {
    queues: byLane(() => queue),
    ...createMemorySchedulerStores(),
    clock: passingClock(),
    ids: { next: () => "run" },
    random: { next: () => 0.5 },
  };
  return { place, scheduler: createScheduler({ id: "demo" }, deps) };
}

const TEN = Array.from({ length: 10 }, (_, index) => `record-${index}`);

/** Answers to a batch of ten before SQS takes all, and the number of entries in each request. */
const RUNS: readonly [says: string, lines: readonly Line[], sizes: readonly number[]][] = [
  ["says nothing of any", [says(200, {})], [10, 10]],
  ["takes three and says no more", [answers("0 4 9")], [10, 7]],
  ["takes one at a time", TEN.map(() => answers("0")), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ["fails one that nobody sent", [answers("0 1 2 3 4 5 6 7 8 | 77:X!")], [10, 1]],
  ["throttles each", [answers(`| ${TEN.map((_, at) => `${at}:RequestThrottled!`).join(" ")}`)], [10, 10]],
  [
    "is silent, throttled, down, cut",
    [says(200, {}), refuses("RequestThrottled", 403), says(502, ""), hangsUp],
    [10, 10, 10, 10, 10],
  ],
];

test.each(RUNS)(
  "a run counts what SQS took, and sends the others again as the same messages, where it %s",
  async (_, lines, sizes) => {
    const { place, scheduler } = await schedulerOn(...lines, takesAll);
    expect(await scheduler.enqueue(TEN)).toMatchObject({ accepted: 10, rejected: [] });
    expect(place.requests.map(({ Entries }) => Entries.length)).toEqual(sizes);
    const sent = place.requests.flatMap(({ Entries }) => Entries);
    expect(new Set(sent.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).size).toBe(10);
  },
);

test("a refusal for good of some entries rejects those inputs, and no others", async () => {
  const refusal = answers("0 1 2 4 5 6 8 | 3:InvalidMessageContents! 7:InvalidParameterValue!");
  const { scheduler } = await schedulerOn(refusal, takesAll);
  const { accepted, rejected } = await scheduler.enqueue(TEN);
  expect(accepted).toBe(8);
  expect(rejected).toEqual([
    { index: 3, id: "record-3", reason: "InvalidMessageContents" },
    { index: 7, id: "record-7", reason: "InvalidParameterValue" },
  ]);
});

test("a queue whose key is disabled ends the run, and rejects no record for it", async () => {
  const { scheduler } = await schedulerOn(answers("0 | 1:KMS.DisabledException!"));
  await expect(scheduler.enqueue(TEN)).rejects.toMatchObject({
    code: "enqueue-interrupted",
    message: expect.stringContaining("KMS.DisabledException"),
    result: { rejected: [] },
  });
});

test("whatever SQS takes, fails and leaves out, a run accounts for each record by what SQS said of it", async () => {
  const position = fc.integer({ min: 0, max: 9 }).map(String);
  const failure = fc
    .tuple(
      fc.oneof(position, fc.constantFrom("10", "x")),
      fc.constantFrom("RequestThrottled", "X"),
      fc.boolean(),
    )
    .map(([id, code, isFault]) => ({ id, code, isFault }));
  const answer = fc.record({
    took: fc.uniqueArray(position, { maxLength: 10 }),
    failed: fc.array(failure, { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 4 }), async (script) => {
      const taken = new Set<unknown>();
      const refused = new Set<unknown>();
      const lines = script.map(
        ({ took, failed }): Line =>
          (response, request) => {
            const idOf = new Map(
              request.Entries.map(({ Id, MessageDeduplicationId }) => [Id, MessageDeduplicationId]),
            );
            for (const id of took.filter((id) => idOf.has(id))) taken.add(idOf.get(id));
            for (const { id, code, isFault } of failed)
              if (idOf.has(id) && code === "X" && isFault) refused.add(idOf.get(id));
            const failures = failed.map(({ id, code, isFault }) => `${id}:${code}${isFault ? "!" : ""}`);
            answers(`${took.join(" ")} | ${failures.join(" ")}`)(response, request);
          },
      );
      const all: Line = (response, request) => {
        for (const { MessageDeduplicationId } of request.Entries) taken.add(MessageDeduplicationId);
        takesAll(response, request);
      };
      const { place, scheduler } = await schedulerOn(...lines, all);
      const { accepted, rejected } = await scheduler.enqueue(TEN);
      await place.stop();
      expect(accepted + rejected.length).toBe(10);
      expect(accepted).toBeLessThanOrEqual(taken.size);
      expect(rejected.length).toBeLessThanOrEqual(refused.size);
    }),
    { numRuns: 60 },
  );
});

test.each<[says: string, lines: readonly Line[]]>([
  ["says nothing of it", [says(200, {}), takesAll]],
  ["fails another", [answers("| 3:X!"), takesAll]],
  ["throttles it as the sender's fault", [answers("| 0:KMS.ThrottlingException!"), takesAll]],
])("a dead letter is sent until SQS has taken it, where it %s", async (_, lines) => {
  const { sqs: place, queue } = await queueThat(...lines);
  const harness = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" }), {
    deadLetters: queue,
  });
  expect(await harness.run([messageFor("bad", { body: "no record" })])).toEqual([]);
  expect(place.requests.map(({ Entries }) => Entries[0]?.MessageBody)).toEqual(["no record", "no record"]);
});

test("a message whose dead letter SQS never speaks of comes again", async () => {
  const { queue } = await queueThat(says(200, {}));
  const harness = createVentilatorHarness(() => ({ kind: "refused", cause: "never asked" }), {
    deadLetters: queue,
  });
  expect(await harness.run([messageFor("bad", { body: "no record" })])).toEqual(["message-bad"]);
});
