import { describe, expect, it } from "vitest";
import { createContentsHarness, entryOf, VISIBILITY_MS } from "./fakes/contents-harness.ts";
import type { FifoMessage } from "./fifo-message.ts";

const HOUR_MS = 3_600_000;

/**
 * Recorded against AWS where nothing else is said: LocalStack's tests/aws/services/sqs/test_sqs.snapshot.json,
 * 8b9a79f.
 */
describe("a receive", () => {
  it("takes several of one group", () => {
    const { send, take } = createContentsHarness();
    send("g", "1", "2", "3", "4", "5");
    expect(take(10)).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("takes what there is of the oldest message's group before it turns to others", () => {
    const { send, take } = createContentsHarness();
    send("g1", "g1-m1");
    send("g2", "g2-m1");
    send("g1", "g1-m2");
    send("g2", "g2-m2");
    expect(take(2)).toEqual(["g1-m1", "g1-m2"]);
    expect(take(10)).toEqual(["g2-m1", "g2-m2"]);
  });

  it("takes nothing behind the first hidden message of a group, but what came before it", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness();
    send("g", "foo", "bar", "bee");
    take(3);
    contents.changeVisibility({ receiptHandle: handleOf("bar"), delayMs: 60_000 });
    pass(VISIBILITY_MS);
    expect(take()).toEqual(["foo"]);
  });

  it("takes all that came before the one hidden message of a group", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness();
    send("g", "foo", "bar", "bee");
    take(3);
    contents.changeVisibility({ receiptHandle: handleOf("bee"), delayMs: 60_000 });
    pass(VISIBILITY_MS);
    expect(take()).toEqual(["foo", "bar"]);
  });

  it("finds a group again that waited behind a message, once that one is deleted or seen", () => {
    const { contents, send, take, handleOf } = createContentsHarness();
    send("g", "1", "2", "3");
    take(1);
    send("g", "4");
    expect(take()).toEqual([]);
    contents.remove(handleOf("1"));
    expect(take(1)).toEqual(["2"]);
    contents.changeVisibility({ receiptHandle: handleOf("2"), delayMs: 0 });
    expect(take()).toEqual(["2", "3", "4"]);
  });

  it("takes made-up messages of one group in their order with those that came back", () => {
    const { contents, take, handleOf } = createContentsHarness({
      makeUp: (index) => ({ groupId: "all", body: `${index}` }),
    });
    contents.arrive(4);
    take(2);
    contents.changeVisibility({ receiptHandle: handleOf("1"), delayMs: 0 });
    expect(take()).toEqual([]);
    contents.remove(handleOf("0"));
    expect(take(2)).toEqual(["1", "2"]);
  });
});

describe("a receipt handle", () => {
  it("deletes its message, and deleting again is accepted", () => {
    const { contents, send, take, handleOf } = createContentsHarness();
    send("g", "1");
    take();
    expect(contents.remove(handleOf("1"))).toBe("deleted");
    expect(contents.remove(handleOf("1"))).toBe("gone");
    expect(contents.size()).toBe(0);
  });

  it("deletes nothing once the visibility has ended, be the message received again or not", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness();
    send("g", "1");
    take();
    const first = handleOf("1");
    pass(VISIBILITY_MS - 1);
    expect(contents.depth()).toEqual({ visibleCount: 0, inFlightCount: 1 });
    pass(1);
    expect(contents.remove(first)).toBe("expired");
    take();
    expect(contents.remove(first)).toBe("expired");
    expect(contents.remove(handleOf("1"))).toBe("deleted");
    expect(contents.remove(first)).toBe("gone");
  });

  it("changes the visibility of a hidden message only", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness();
    const change = (receiptHandle: string) => contents.changeVisibility({ receiptHandle, delayMs: 1_000 });
    send("g", "1");
    take();
    const first = handleOf("1");
    expect(change(first)).toBe("changed");
    pass(1_000);
    expect(change(first)).toBe("visible");
    take();
    expect(change(first)).toBe("gone");
    contents.remove(handleOf("1"));
    expect(change(handleOf("1"))).toBe("gone");
  });

  it("of another queue, or of nobody, is unknown", () => {
    const { contents } = createContentsHarness({ name: "a" });
    for (const handle of ["garbage", "b/0-1", "a/0", "0-1"]) {
      expect(contents.remove(handle)).toBe("unknown");
      expect(contents.changeVisibility({ receiptHandle: handle, delayMs: 0 })).toBe("unknown");
    }
  });

  it("hides its message for 12 h after the receive at most", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness();
    send("g", "1");
    take();
    pass(10_000);
    const receiptHandle = handleOf("1");
    expect(contents.changeVisibility({ receiptHandle, delayMs: 12 * HOUR_MS - 9_999 })).toBe("too-long");
    pass(VISIBILITY_MS - 10_001);
    expect(contents.depth().inFlightCount).toBe(1);
    expect(contents.changeVisibility({ receiptHandle, delayMs: 12 * HOUR_MS - VISIBILITY_MS })).toBe(
      "changed",
    );
    pass(11 * HOUR_MS);
    expect(take()).toEqual([]);
  });
});

describe("a deduplication id", () => {
  it("is the same message for five minutes, deleted or not, and then another", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness();
    const first = contents.send(entryOf("g", "1"));
    take();
    contents.remove(handleOf("1"));
    pass(299_999);
    expect(contents.send({ ...entryOf("g", "1"), body: "again" })).toEqual({ ...first, isDuplicate: true });
    expect(contents.size()).toBe(0);
    pass(1);
    send("g", "1");
    expect(take()).toEqual(["1"]);
  });

  it("counts within its group, or the queue", () => {
    const inGroup = createContentsHarness();
    const inQueue = createContentsHarness({ deduplicationScope: "queue" });
    for (const { send } of [inGroup, inQueue]) {
      send("g1", "1");
      send("g2", "1");
    }
    expect([inGroup.contents.size(), inQueue.contents.size()]).toEqual([2, 1]);
  });
});

describe("retention", () => {
  it("ends a message, wherever it is, 14 days after it was sent", () => {
    const { contents, send, take, pass } = createContentsHarness();
    contents.arrive(2);
    send("g", "seen", "behind");
    expect(take(3)).toEqual(["body-0", "body-1", "seen"]);
    contents.arrive(3);
    pass(60_000);
    send("g", "later");
    pass(14 * 24 * HOUR_MS - 60_001);
    expect(contents.size()).toBe(8);
    pass(1);
    expect(contents.size()).toBe(1);
    expect(contents.expiredCount()).toBe(7);
    expect(take()).toEqual(["later"]);
  });

  it("ends a message that is in flight, and frees what waited for it", () => {
    const { contents, send, take, handleOf, pass } = createContentsHarness({ retentionMs: 20_000 });
    send("g", "1");
    take();
    pass(10_000);
    send("g", "2");
    expect(take()).toEqual([]);
    pass(10_000);
    expect(take()).toEqual(["2"]);
    expect(contents.remove(handleOf("1"))).toBe("gone");
    expect(contents.oldestSentAtMs()).toBe(10_000);
  });
});

describe("a redrive policy", () => {
  it("moves what was received too often to the dead-letter queue, under its message id and without a cause", () => {
    const letters = createContentsHarness();
    const { contents, send, take, pass } = createContentsHarness({
      name: "records",
      redrive: { maxReceiveCount: 2, adopt: letters.contents.adopt },
    });
    send("g", "1", "2");
    expect(take(1)).toEqual(["1"]);
    pass(VISIBILITY_MS);
    expect(take(1)).toEqual(["1"]);
    pass(VISIBILITY_MS);
    expect(take(1)).toEqual(["2"]);
    expect(contents.size()).toBe(1);
    const [letter] = letters.contents.take(10) as [FifoMessage];
    expect(letter).toMatchObject({
      groupId: "g",
      body: "1",
      messageId: "message-0",
      deadLetterOf: "records",
    });
    expect(letter.deduplicationId).toBe("message-0");
    expect(letter.attributes).toBeUndefined();
  });
});

describe("counts that lag", () => {
  it("are those of an instant before", () => {
    const { contents, send, take, pass } = createContentsHarness({ countedAtMs: (nowMs) => nowMs - 60_000 });
    send("g", "1", "2");
    expect(contents.depth()).toEqual({ visibleCount: 0, inFlightCount: 0 });
    pass(40_000);
    take(1);
    pass(20_000);
    expect(contents.depth()).toEqual({ visibleCount: 2, inFlightCount: 0 });
    pass(40_000);
    expect(contents.depth()).toEqual({ visibleCount: 1, inFlightCount: 1 });
    // The message came back at 70 s, which is noticed only now.
    pass(30_000);
    expect(contents.depth()).toEqual({ visibleCount: 2, inFlightCount: 0 });
  });
});
