import type { MadeQueue, Queues } from "../ports/queues.ts";

/** Queues whose redrive is played: it sends what it receives as a new message. */
export function withRedrive(queues: Queues): Queues {
  return {
    ...queues,
    async redrive(deadLetters: MadeQueue, into: MadeQueue) {
      const [message] = await queues.receive(deadLetters, { max: 1, waitSeconds: 1 });
      if (message === undefined) return;
      const { body, attributes, messageId, handle } = message;
      await queues.send(into, [{ body, attributes, groupId: "redriven", deduplicationId: messageId }]);
      await queues.delete(deadLetters, handle);
    },
  };
}
