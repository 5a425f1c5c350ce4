import { describe, expect, it } from "vitest";
import { createSqsMeter } from "../billing/meter.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-time/virtual-clock.ts";
import { createFifoQueue, type FifoQueue, type FifoQueueOptions } from "./fifo-queue.ts";

function createHarness(options: Partial<FifoQueueOptions> = {}) {
  const clock = createVirtualClock(0);
  const meter = createSqsMeter();
  const fifo = createFifoQueue({
    clock,
    meter,
    visibilityTimeoutMs: 30_000,
    makeUp: (index) => ({ groupId: `group-${index}`, body: `body-${index}` }),
    ...options,
  });
  return { clock, meter, fifo };
}

const inOneGroup = (index: number) => ({ groupId: "all", body: `body-${index}` });

/** Receives as the mapping does; the bodies, or none if nothing came within `waitMs`. */
async function receive(clock: VirtualClock, fifo: FifoQueue, maxMessages: number, waitMs = 0) {
  const received = fifo.mappingQueue.receive(maxMessages);
  let messages: Awaited<typeof received> | undefined;
  void received.then((taken) => {
    messages = taken;
  });
  await clock.run(clock.nowMs() + waitMs);
  return messages ?? [];
}

/** Receives ten messages, hides one of them for long, and deletes the others. */
async function workOnTen({ mappingQueue, queue }: FifoQueue): Promise<void> {
  const messages = await mappingQueue.receive(10);
  const [first, ...others] = messages.map(({ receiptHandle }) => receiptHandle);
  await queue.changeVisibility([{ receiptHandle: first ?? "", delayMs: 900_000 }]);
  await mappingQueue.deleteMessages(others);
}

const bodies = (messages: readonly { readonly body: string }[]) => messages.map(({ body }) => body);

describe("a FIFO queue", () => {
  it("hands out messages of different groups side by side, the oldest first", async () => {
    const { clock, fifo } = createHarness();
    fifo.arrive(5);
    expect(bodies(await receive(clock, fifo, 2))).toEqual(["body-0", "body-1"]);
    expect(bodies(await receive(clock, fifo, 10))).toEqual(["body-2", "body-3", "body-4"]);
    expect(await fifo.queue.depth()).toEqual({ visibleCount: 0, inFlightCount: 5 });
  });

  it("holds a group back while one of its messages is in flight", async () => {
    const { clock, fifo } = createHarness({ makeUp: inOneGroup });
    fifo.arrive(5);
    const first = await receive(clock, fifo, 2);
    expect(bodies(first)).toEqual(["body-0", "body-1"]);
    expect(await fifo.queue.receiveOne()).toBeUndefined();
    await fifo.mappingQueue.deleteMessages([first[0]?.receiptHandle ?? ""]);
    expect(await fifo.queue.receiveOne()).toBeUndefined();
    await fifo.mappingQueue.deleteMessages([first[1]?.receiptHandle ?? ""]);
    expect(bodies(await receive(clock, fifo, 9))).toEqual(["body-2", "body-3", "body-4"]);
  });

  it("holds a group back whose first message is hidden for longer, and keeps its order", async () => {
    const { clock, fifo } = createHarness({ makeUp: inOneGroup });
    fifo.arrive(3);
    const [first, second] = await receive(clock, fifo, 2);
    await fifo.queue.changeVisibility([
      { receiptHandle: first?.receiptHandle ?? "", delayMs: 5_000 },
      { receiptHandle: second?.receiptHandle ?? "", delayMs: 0 },
    ]);
    const seen: [number, string[]][] = [];
    void fifo.mappingQueue.receive(10).then((again) => seen.push([clock.nowMs(), bodies(again)]));
    await clock.run(20_000);
    expect(seen).toEqual([[5_000, ["body-0", "body-1", "body-2"]]]);
  });

  it("serves a waiting receive the moment a message becomes visible again, its receive counted", async () => {
    const { clock, fifo } = createHarness();
    fifo.arrive(1);
    const [message] = await receive(clock, fifo, 1);
    await fifo.queue.changeVisibility([{ receiptHandle: message?.receiptHandle ?? "", delayMs: 1_200 }]);
    const seen: [number, string | undefined][] = [];
    void fifo.mappingQueue.receive(1).then(([again]) => {
      seen.push([clock.nowMs(), again?.attributes.ApproximateReceiveCount]);
    });
    await clock.run(10_000);
    // SQS rounds 1.2 s up to 2 s.
    expect(seen).toEqual([[2_000, "2"]]);
    expect(fifo.mostReceives()).toBe(2);
  });

  it("gives a message back at its visibility timeout, and then no longer takes its old receipt", async () => {
    const { clock, fifo } = createHarness();
    fifo.arrive(1);
    const [message] = await receive(clock, fifo, 1);
    clock.at(40_000, () => {});
    await clock.run(30_000);
    const expired = message?.receiptHandle ?? "";
    expect(await fifo.mappingQueue.deleteMessages([expired])).toEqual([expired]);
    expect(fifo.size()).toBe(1);
    const again = await fifo.queue.receiveOne();
    expect(again).toMatchObject({ body: "body-0", receiveCount: 2 });
    await fifo.queue.delete(again?.receiptHandle ?? "");
    await fifo.queue.delete(again?.receiptHandle ?? "");
    expect(fifo.size()).toBe(0);
  });

  it("hands out what returned before what is younger", async () => {
    const { clock, fifo } = createHarness();
    fifo.arrive(3);
    const [oldest] = await receive(clock, fifo, 1);
    await fifo.queue.changeVisibility([{ receiptHandle: oldest?.receiptHandle ?? "", delayMs: 0 }]);
    expect(bodies(await receive(clock, fifo, 2))).toEqual(["body-0", "body-1"]);
  });

  it("takes what is sent, in its place, and wakes who waits", async () => {
    const { clock, fifo } = createHarness();
    fifo.arrive(1);
    const entry = { groupId: "group-0", deduplicationId: "d", body: "sent" };
    await fifo.queue.send([entry]);
    const [first] = await receive(clock, fifo, 1);
    expect(first?.body).toBe("body-0");
    const waiting = receive(clock, fifo, 10, 100);
    await fifo.queue.delete(first?.receiptHandle ?? "");
    expect(bodies(await waiting)).toEqual(["sent"]);
  });

  it("takes a message that is sent again with its deduplication id for the same, and tells of it once", async () => {
    const sent: string[] = [];
    const { fifo } = createHarness({ onSent: ({ body }) => sent.push(body) });
    const entry = { groupId: "g", deduplicationId: "d", body: "sent", attributes: { SluiceCause: "{}" } };
    await fifo.queue.send([entry]);
    await fifo.queue.send([{ ...entry, body: "again" }]);
    expect([sent, fifo.size()]).toEqual([["sent"], 1]);
    expect(await fifo.queue.receiveOne()).toMatchObject({ body: "sent", isRedriven: true });
  });

  it("hides a message no longer than SQS allows, however long it is asked to", async () => {
    const { clock, fifo } = createHarness();
    fifo.arrive(1);
    const [message] = await receive(clock, fifo, 1);
    const week = { receiptHandle: message?.receiptHandle ?? "", delayMs: 7 * 24 * 3_600_000 };
    await fifo.queue.changeVisibility([week]);
    clock.at(43_099_999, () => {});
    clock.at(43_100_000, () => {});
    await clock.run(43_099_999);
    expect(await fifo.queue.receiveOne()).toBeUndefined();
    await clock.run(43_100_000);
    expect(await fifo.queue.receiveOne()).toMatchObject({ receiveCount: 2 });
  });

  it("knows the age of its oldest message, those in flight included", async () => {
    const { clock, fifo } = createHarness();
    expect(fifo.oldestAgeMs()).toBeUndefined();
    fifo.arrive(1);
    clock.at(60_000, () => fifo.arrive(2));
    clock.at(90_000, () => {});
    const [oldest] = await receive(clock, fifo, 1, 100);
    await clock.run(80_000);
    expect(fifo.oldestAgeMs()).toBe(80_000);
    const again = await fifo.queue.receiveOne();
    expect(again?.body).toBe(oldest?.body);
    await fifo.queue.delete(again?.receiptHandle ?? "");
    expect(fifo.oldestAgeMs()).toBe(20_000);
  });

  it("answers an empty receive after 20 s, as the longest poll of SQS does, and counts every request", async () => {
    const { clock, fifo, meter } = createHarness();
    const answered: number[] = [];
    void fifo.mappingQueue.receive(10).then(() => answered.push(clock.nowMs()));
    await clock.run(30_000);
    expect([answered, meter.receives]).toEqual([[20_000], 1]);
    await fifo.queue.send([{ groupId: "g", deduplicationId: "d", body: "x".repeat(70_000) }]);
    expect(meter.sends).toBe(2);
  });

  it("takes no longer for a message among half a million than among a few thousand", async () => {
    const queues = [5_000, 500_000].map((count) => ({ count, tookMs: 0, ...createHarness() }));
    for (const { fifo, count } of queues) fifo.arrive(count);
    // In turns, so that what else the machine does hits both alike.
    for (let round = 0; round < 400; round += 1) {
      for (const queue of queues) {
        const startedAtMs = performance.now();
        await workOnTen(queue.fifo);
        queue.tookMs += performance.now() - startedAtMs;
      }
    }
    const [few, many] = queues;
    expect(many?.fifo.size()).toBe(500_000 - 3_600);
    expect(many?.clock.nowMs()).toBe(0);
    // A look at each message would take a hundred times as long.
    expect((many?.tookMs ?? 0) / (few?.tookMs ?? 0)).toBeLessThan(20);
  });
});
