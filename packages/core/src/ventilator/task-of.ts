import type { ReceivedMessage } from "../ports/queue.ts";
import type { Lane } from "../provider/lane.ts";
import type { Provider } from "../provider/provider.ts";
import type { RecordMessage } from "../records/message.ts";
import type { Task } from "./batch.ts";

/** The task of a message: its record is not wanted later than its run says, nor older than the provider allows in its lane. */
export function taskOf(
  received: ReceivedMessage,
  message: RecordMessage,
  lane: Lane,
  { maxAgeMs }: Pick<Provider, "maxAgeMs">,
): Task {
  const { sentAtMs } = received;
  const urgency = lane === "express" ? ({ isUrgent: true } as const) : {};
  const ageMaxMs = maxAgeMs?.[lane];
  if (ageMaxMs === undefined || sentAtMs === undefined) return { received, message, ...urgency };
  const expiresAtMs = Math.min(message.expiresAtMs ?? Number.POSITIVE_INFINITY, sentAtMs + ageMaxMs);
  return { received, message: { ...message, expiresAtMs }, ...urgency };
}
