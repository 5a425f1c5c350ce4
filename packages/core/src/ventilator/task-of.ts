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
  const ageMaxMs = maxAgeMs?.[lane];
  if (ageMaxMs === undefined || sentAtMs === undefined) return { received, message };
  const { expiresAtMs = Number.POSITIVE_INFINITY } = message;
  return { received, message: { ...message, expiresAtMs: Math.min(expiresAtMs, sentAtMs + ageMaxMs) } };
}
