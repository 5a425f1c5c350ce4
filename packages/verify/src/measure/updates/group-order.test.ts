import { expect, test } from "vitest";
import type { RecordedInvocation } from "../../ports/journal.ts";
import { groupOrderOf } from "./group-order.ts";

/** Invocations of a second each, by their start in milliseconds and the messages of group `a` that they got. */
function invocations(
  ...runs: readonly (readonly [startedAtMs: number, ...numbers: number[]])[]
): RecordedInvocation[] {
  return runs.map(([startedAtMs, ...numbers], at) => ({
    id: String(at),
    startedAtMs,
    holdMs: 1_000,
    messages: numbers.map((number) => ({ messageId: `m${number}`, groupId: "a", number, receiveCount: 1 })),
  }));
}

test.each<[what: string, runs: RecordedInvocation[], counts: object]>([
  ["one after the other", invocations([0, 1, 2], [1_000, 3]), { messages: 3 }],
  ["a little early, as clocks differ", invocations([0, 1], [850, 2]), { messages: 2 }],
  ["while the one before is held", invocations([0, 1], [500, 2]), { messages: 2, overlapping: 1 }],
  ["out of order", invocations([0, 2], [1_000, 1], [2_000, 3]), { messages: 3, outOfOrder: 1 }],
  [
    "twice, which is not out of order",
    invocations([0, 1], [1_000, 2], [2_000, 1]),
    { messages: 2, repeated: 1 },
  ],
])("messages of a group that come %s", (_, runs, counts) => {
  expect(groupOrderOf(runs)).toEqual({ outOfOrder: 0, overlapping: 0, repeated: 0, ...counts });
});
