/** A message of a {@link PlainQueue}. */
interface PlainMessage {
  readonly body: string;
  readonly groupId: string;
  hiddenUntilMs: number;
}

/** The rules of a FIFO queue in their plainest form, to compare the quick one with. */
export interface PlainQueue {
  send(groupId: string, body: string): void;
  take(maxMessages: number, nowMs: number, untilMs: number): string[];
  /** Does nothing for a message that is not hidden. */
  remove(body: string, nowMs: number): void;
  hideUntil(body: string, nowMs: number, untilMs: number): void;
}

/** Makes an empty queue. */
export function createPlainQueue(): PlainQueue {
  let messages: PlainMessage[] = [];

  const isHidden = ({ hiddenUntilMs }: PlainMessage, nowMs: number) => hiddenUntilMs > nowMs;
  const hiddenNamed = (body: string, nowMs: number) =>
    messages.find((message) => message.body === body && isHidden(message, nowMs));

  /** The visible messages of a group that are before its first hidden one. */
  function freeOf(groupId: string, nowMs: number): PlainMessage[] {
    const own = messages.filter((message) => message.groupId === groupId);
    const firstHidden = own.findIndex((message) => isHidden(message, nowMs));
    return firstHidden === -1 ? own : own.slice(0, firstHidden);
  }

  return {
    send(groupId, body) {
      messages.push({ groupId, body, hiddenUntilMs: 0 });
    },
    take(maxMessages, nowMs, untilMs) {
      // The groups in the order of their oldest free message.
      const free = messages.filter((message) => freeOf(message.groupId, nowMs).includes(message));
      const groupIds = [...new Set(free.map(({ groupId }) => groupId))];
      const taken = groupIds.flatMap((groupId) => freeOf(groupId, nowMs)).slice(0, maxMessages);
      for (const message of taken) message.hiddenUntilMs = untilMs;
      return taken.map(({ body }) => body);
    },
    remove(body, nowMs) {
      const message = hiddenNamed(body, nowMs);
      messages = messages.filter((other) => other !== message);
    },
    hideUntil(body, nowMs, untilMs) {
      const message = hiddenNamed(body, nowMs);
      if (message !== undefined) message.hiddenUntilMs = untilMs;
    },
  };
}
