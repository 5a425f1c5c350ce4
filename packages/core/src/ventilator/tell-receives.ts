import { NO_EVIDENCE } from "../law/evidence.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { VentilatorDeps } from "./deps.ts";

/**
 * Receives from which on a message is spoken of. Hours of bouncing stand behind them, and they go on to the thousand
 * after which SQS moves a message to the dead letters, whatever its record's attempts.
 */
const TOLD_FROM = 100;

/** Says so if messages have been received so often that they do not get through. */
export function tellReceives(
  messages: readonly ReceivedMessage[],
  { log, metrics }: Pick<VentilatorDeps, "log" | "metrics">,
): void {
  const receiveCount = Math.max(0, ...messages.map((message) => message.receiveCount));
  if (receiveCount < TOLD_FROM) return;
  log.warn("a message comes again and again", { receiveCount });
  metrics.batch({ evidence: NO_EVIDENCE, latenciesMs: [], unstartedCount: 0, receiveCount });
}
