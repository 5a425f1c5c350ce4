import type { RecordedInvocation, RecordedMessage } from "../../ports/journal.ts";

/** Counts of messages by the order in which their group brought them. */
export interface GroupOrder {
  readonly messages: number;
  /** Messages that came before one that was sent earlier. */
  readonly outOfOrder: number;
  /** Messages that came while an earlier one of their group was still held. */
  readonly overlapping: number;
  /** Messages that came a second time. */
  readonly repeated: number;
}

/** Clocks of environments differ, and an invocation ends a little before or after its time. */
const SURELY_RUNNING = 0.8;

/** Checks each group's messages in the order in which the recorder was handed them. */
export function groupOrderOf(invocations: readonly RecordedInvocation[]): GroupOrder {
  const seen = new Set<string>();
  const lastOfGroup = new Map<
    string,
    { readonly number: number; readonly id: string; readonly endsAtMs: number }
  >();
  let [outOfOrder, overlapping, repeated] = [0, 0, 0];
  for (const { id, message, startedAtMs, holdMs } of messagesIn(invocations)) {
    const last = lastOfGroup.get(message.groupId);
    if (seen.has(message.messageId)) repeated += 1;
    else if (last !== undefined && message.number < last.number) outOfOrder += 1;
    if (last !== undefined && last.id !== id && startedAtMs < last.endsAtMs) overlapping += 1;
    seen.add(message.messageId);
    const number = Math.max(message.number, last?.number ?? 0);
    lastOfGroup.set(message.groupId, { number, id, endsAtMs: startedAtMs + SURELY_RUNNING * holdMs });
  }
  return { messages: seen.size, outOfOrder, overlapping, repeated };
}

function messagesIn(invocations: readonly RecordedInvocation[]) {
  return invocations.flatMap(({ messages, ...invocation }) =>
    messages.map((message: RecordedMessage) => ({ ...invocation, message })),
  );
}
