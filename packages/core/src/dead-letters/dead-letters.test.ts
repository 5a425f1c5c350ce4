import { beforeEach, describe, expect, test } from "vitest";
import { DEAD_LETTER_ATTRIBUTE } from "../records/message.ts";
import { causeKindOf } from "./dead-letter.ts";
import { drop } from "./drop.ts";
import { createLettersHarness, type LettersHarness, letterEntry, recordIdsIn } from "./fakes/letters.ts";
import { groupByCause, readDeadLetters } from "./read-dead-letters.ts";
import { type RedriveRequest, redrive } from "./redrive.ts";

const ANNA = { by: "anna", reason: "they have mended it" };
let harness: LettersHarness;
beforeEach(() => {
  harness = createLettersHarness();
});

const redriveAll = (request: Partial<RedriveRequest> = {}) =>
  redrive({ ...ANNA, filter: { kind: "all" }, expectedCount: 10, ...request }, harness.deps);

describe("reading", () => {
  test("tells each letter with its cause and record, and leaves all in their places", async () => {
    await harness.deadLetters.send([letterEntry("a"), letterEntry("b", { cause: null })]);
    await harness.deadLetters.send([{ groupId: "x", deduplicationId: "x", body: "no record" }]);
    const { letters, isComplete } = await readDeadLetters({}, harness.deps);
    expect(isComplete).toBe(true);
    expect(letters).toMatchObject([
      { message: { recordId: "a" }, cause: "HTTP 404", attempts: 3, deadLetteredAtMs: 1_795_003_260_000 },
      { message: { recordId: "b" }, cause: "received 1000 times: SQS gave it up" },
      { body: "no record" },
    ]);
    expect(letters[2]).not.toHaveProperty("message");
    expect(await harness.deadLetters.depth()).toEqual({ visibleCount: 3, inFlightCount: 0 });
    expect(recordIdsIn(harness.deadLetters)).toEqual(["a", "b", "no record"]);
  });

  test("of more than one batch sees all, of a choice only those, and of a number no more", async () => {
    for (let index = 0; index < 35; index += 1)
      await harness.deadLetters.send([
        letterEntry(`r${index}`, { cause: index % 2 ? "HTTP 500" : "HTTP 404" }),
      ]);
    expect((await readDeadLetters({}, harness.deps)).letters).toHaveLength(35);
    const filter = { kind: "cause", text: "http 500" } as const;
    expect((await readDeadLetters({ filter }, harness.deps)).letters).toHaveLength(17);
    const few = await readDeadLetters({ maxCount: 12 }, harness.deps);
    expect(few).toMatchObject({ isComplete: false, letters: { length: 12 } });
    expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
  });

  test("says how many somebody else looks at", async () => {
    await harness.deadLetters.send([letterEntry("a"), letterEntry("b")]);
    await harness.deadLetters.receive({ maxCount: 1, hiddenForMs: 60_000 });
    expect(await readDeadLetters({}, harness.deps)).toMatchObject({
      isComplete: false,
      elsewhereCount: 1,
      letters: [{ message: { recordId: "b" } }],
    });
  });

  test("waits for what somebody else looks at meanwhile, and tells all in their order", async () => {
    for (const id of ["a", "b", "c"]) {
      await harness.deadLetters.send([letterEntry(id)]);
      harness.clock.advance(1);
    }
    const [first] = await harness.deadLetters.receive({ maxCount: 1, hiddenForMs: 60_000 });
    let looks = 0;
    const queue = {
      ...harness.deadLetters,
      async depth() {
        looks += 1;
        const depth = await harness.deadLetters.depth();
        const receiptHandle = first?.receiptHandle ?? "";
        if (looks === 3) await harness.deadLetters.changeVisibility([{ receiptHandle, delayMs: 0 }]);
        return depth;
      },
    };
    const startedAtMs = harness.clock.nowMs();
    const { letters, isComplete } = await readDeadLetters({}, { ...harness.deps, deadLetters: queue });
    expect(letters.map(({ message }) => message?.recordId)).toEqual(["a", "b", "c"]);
    expect(isComplete).toBe(true);
    expect(harness.clock.nowMs() - startedAtMs).toBeLessThan(5_000);
    expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
  });

  test("waits no longer than it is asked to", async () => {
    await harness.deadLetters.send([letterEntry("a")]);
    await harness.deadLetters.receive({ maxCount: 1, hiddenForMs: 60_000 });
    const startedAtMs = harness.clock.nowMs();
    await readDeadLetters({ waitForOthersMs: 0 }, harness.deps);
    expect(harness.clock.nowMs()).toBe(startedAtMs);
  });

  test("groups causes that differ by an id alone, the most frequent first", async () => {
    await harness.deadLetters.send([letterEntry("a1", { cause: "HTTP 404: no customer a1" })]);
    await harness.deadLetters.send([letterEntry("b", { cause: "HTTP 500" })]);
    await harness.deadLetters.send([letterEntry("a2", { cause: "HTTP 404: no customer a2" })]);
    expect(groupByCause((await readDeadLetters({}, harness.deps)).letters)).toMatchObject([
      { causeKind: "HTTP 404: no customer <id>", count: 2, isMalformed: false },
      { causeKind: "HTTP 500", count: 1 },
    ]);
  });

  test.each([
    ["HTTP 404", undefined, "HTTP 404"],
    ["request 3f2504e0-4f89-41d3-9a0c-0305e82c3301 failed", undefined, "request <id> failed"],
    ["order 123456 is gone", undefined, "order <n> is gone"],
    ["trace 00af31bc99", undefined, "trace <n>"],
    ["deadbeef or feedface", undefined, "deadbeef or feedface"],
    ["no customer", "", "no customer"],
    ["HTTP 404 (rejected 2 times)", "a", "HTTP 404 (rejected <n> times)"],
    ["HTTP 404 (rejected 12 times)", "a", "HTTP 404 (rejected <n> times)"],
  ])("the kind of %j is without what is one call's own", (cause, recordId, kind) => {
    expect(causeKindOf(cause, recordId)).toBe(kind);
  });
});

describe("a redrive", () => {
  test("puts each letter back into the lane of its run, as one that was dead, and deletes it", async () => {
    const names = { correlationId: "urgent", plannedCount: 1, digest: "", isSealed: true, createdAtMs: 1 };
    await harness.runs.open({ runId: "urgent", lane: "express", ...names });
    await harness.deadLetters.send([letterEntry("a"), letterEntry("b", { runId: "urgent" })]);
    expect(await redriveAll()).toMatchObject({ kind: "redriven", isComplete: true, redrivenCount: 2 });
    expect(harness.deadLetters.entries).toEqual([]);
    const [sent] = harness.lanes.records.entries;
    expect(sent).toMatchObject({ groupId: "a", body: letterEntry("a").body });
    expect(sent?.attributes?.[DEAD_LETTER_ATTRIBUTE]).toContain("HTTP 404");
    expect(recordIdsIn(harness.lanes.express)).toEqual(["b"]);
    expect(await harness.lanes.express.receiveOne()).toMatchObject({ isRedriven: true });
  });

  test("twice is once: the second finds nothing", async () => {
    await harness.deadLetters.send([letterEntry("a")]);
    await redriveAll();
    expect(await redriveAll()).toMatchObject({ redrivenCount: 0, isComplete: true });
    expect(recordIdsIn(harness.lanes.records)).toEqual(["a"]);
  });

  test.each([
    [{ kind: "ids", ids: ["b"] }, ["b"]],
    [{ kind: "ids", ids: ["message-3"] }, ["c"]],
    [{ kind: "cause", text: "500" }, ["b", "c"]],
    [{ kind: "all" }, ["a", "b", "c"]],
  ] as const)("of %j takes those alone", async (filter, ids) => {
    await harness.deadLetters.send([
      letterEntry("a"),
      letterEntry("b", { cause: "HTTP 500" }),
      letterEntry("c", { cause: "HTTP 500" }),
    ]);
    await redriveAll({ filter });
    expect(recordIdsIn(harness.lanes.records)).toEqual(ids);
    expect(recordIdsIn(harness.deadLetters)).toEqual(
      ["a", "b", "c"].filter((id) => !(ids as readonly string[]).includes(id)),
    );
    expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
  });

  test("leaves what is no record's message, and counts it", async () => {
    await harness.deadLetters.send([{ groupId: "x", deduplicationId: "x", body: "no record" }]);
    expect(await redriveAll()).toMatchObject({ redrivenCount: 0, malformedCount: 1 });
    expect(await harness.deadLetters.depth()).toEqual({ visibleCount: 1, inFlightCount: 0 });
  });

  test("leaves what died since it began, so that it ends", async () => {
    await harness.deadLetters.send([letterEntry("a")]);
    let deaths = 0;
    const lane = {
      ...harness.lanes.records,
      async send(entries: Parameters<typeof harness.lanes.records.send>[0]) {
        deaths += 1;
        harness.clock.advance(3_000);
        await harness.deadLetters.send([letterEntry("a", { key: `again-${deaths}` })]);
        await harness.deadLetters.send([letterEntry("other", { key: `other-${deaths}` })]);
        return harness.lanes.records.send(entries);
      },
    };
    const deps = { ...harness.deps, lanes: { ...harness.lanes, records: lane } };
    const request = { ...ANNA, filter: { kind: "all" }, expectedCount: 1 } as const;
    expect(await redrive(request, deps)).toMatchObject({ redrivenCount: 1 });
    expect(recordIdsIn(harness.deadLetters)).toEqual(["a", "other"]);
  });

  test("takes a record once, even if it dies again within what clocks may differ by", async () => {
    await harness.deadLetters.send([letterEntry("a")]);
    let deaths = 0;
    const lane = {
      ...harness.lanes.records,
      async send(entries: Parameters<typeof harness.lanes.records.send>[0]) {
        deaths += 1;
        if (deaths < 5) await harness.deadLetters.send([letterEntry("a", { key: `again-${deaths}` })]);
        return harness.lanes.records.send(entries);
      },
    };
    const deps = { ...harness.deps, lanes: { ...harness.lanes, records: lane } };
    const request = { ...ANNA, filter: { kind: "all" }, expectedCount: 1 } as const;
    expect(await redrive(request, deps)).toMatchObject({ redrivenCount: 1 });
    expect(await harness.deadLetters.depth()).toEqual({ visibleCount: 1, inFlightCount: 0 });
  });

  test("into a lane that can't be had fails, and leaves its letters to be seen", async () => {
    const names = { correlationId: "urgent", plannedCount: 1, digest: "", isSealed: true, createdAtMs: 1 };
    await harness.runs.open({ runId: "urgent", lane: "express", ...names });
    await harness.deadLetters.send([letterEntry("a"), letterEntry("b", { runId: "urgent" })]);
    harness.lanes.express.failNext(1_000);
    await expect(redriveAll()).rejects.toThrow(/unreachable/);
    expect(recordIdsIn(harness.lanes.records)).toEqual(["a"]);
    expect(recordIdsIn(harness.deadLetters)).toEqual(["b"]);
    expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
  });

  test("that is slower than what it has seen comes back sees each once, says so, and ends", async () => {
    await harness.deadLetters.send([{ groupId: "x", deduplicationId: "x", body: "no record" }]);
    const queue = {
      ...harness.deadLetters,
      async receive(request: Parameters<typeof harness.deadLetters.receive>[0]) {
        harness.deadLetters.showAll();
        return harness.deadLetters.receive(request);
      },
    };
    const request = { ...ANNA, filter: { kind: "all" }, expectedCount: 1 } as const;
    const answer = await redrive(request, { ...harness.deps, deadLetters: queue });
    expect(answer).toMatchObject({ malformedCount: 1, isComplete: false });
    expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
  });

  test("goes on with what somebody has looked at in the middle of it", async () => {
    for (let index = 0; index < 30; index += 1) await harness.deadLetters.send([letterEntry(`r${index}`)]);
    await harness.deadLetters.send([{ groupId: "x", deduplicationId: "x", body: "no record" }]);
    let looking: Promise<unknown> = Promise.resolve();
    let batches = 0;
    const onProgress = () => {
      batches += 1;
      if (batches === 2) looking = readDeadLetters({}, harness.deps);
    };
    expect(await redriveAll({ ratePerSecond: 0.5, onProgress })).toMatchObject({
      isComplete: true,
      redrivenCount: 30,
      malformedCount: 1,
    });
    await looking;
    expect(recordIdsIn(harness.deadLetters)).toEqual(["no record"]);
  });

  test("keeps to its rate, and tells how far it is", async () => {
    for (let index = 0; index < 30; index += 1) await harness.deadLetters.send([letterEntry(`r${index}`)]);
    const startedAtMs = harness.clock.nowMs();
    const progress: number[] = [];
    await redriveAll({ ratePerSecond: 5, onProgress: ({ redrivenCount }) => progress.push(redrivenCount) });
    expect(harness.clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(4_000);
    expect(progress).toEqual([10, 20, 30]);
  });

  test("that is called off stops after the batch under way, and gives all others back", async () => {
    for (let index = 0; index < 30; index += 1) await harness.deadLetters.send([letterEntry(`r${index}`)]);
    const interrupt = new AbortController();
    const answer = await redriveAll({ signal: interrupt.signal, onProgress: () => interrupt.abort() });
    expect(answer).toMatchObject({ redrivenCount: 10, isComplete: false });
    expect(harness.lanes.records.entries).toHaveLength(10);
    expect(await harness.deadLetters.depth()).toEqual({ visibleCount: 20, inFlightCount: 0 });
  });

  test("is in the trail before its first letter, with who did it", async () => {
    await harness.deadLetters.send([letterEntry("a")]);
    harness.deadLetters.failNext(1_000);
    await expect(redriveAll({ filter: { kind: "cause", text: "HTTP 404" } })).rejects.toThrow(/unreachable/);
    expect(await Array.fromAsync(harness.events.list(0))).toMatchObject([
      {
        kind: "order",
        summary: 'redrives dead letters with cause "HTTP 404" by anna: they have mended it',
        details: { by: "anna", expected: 10 },
      },
    ]);
  });

  test("without a reason is refused", async () => {
    expect(await redriveAll({ reason: " " })).toMatchObject({ kind: "refused", reason: "reason-invalid" });
  });
});

describe("a drop", () => {
  test("deletes what is chosen, what is no record's message too, and is in the trail", async () => {
    await harness.deadLetters.send([letterEntry("a"), letterEntry("b", { cause: "HTTP 500" })]);
    await harness.deadLetters.send([{ groupId: "x", deduplicationId: "x", body: "no record" }]);
    const filter = { kind: "ids", ids: ["b", "message-3"] } as const;
    expect(await drop({ ...ANNA, filter, expectedCount: 2 }, harness.deps)).toMatchObject({
      droppedCount: 2,
    });
    expect(recordIdsIn(harness.deadLetters)).toEqual(["a"]);
    expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
    expect(await Array.fromAsync(harness.events.list(0))).toMatchObject([
      { summary: "drops dead letters b, message-3 by anna: they have mended it" },
    ]);
  });
});
