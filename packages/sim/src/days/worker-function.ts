import type { Clock } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import { WORKER_CONTRACT_VERSION, type WorkerOutcome, workerRequestSchema } from "@sluice/core/worker";
import type { DaySite, SiteAnswer } from "./day-site.ts";

/** Does what a worker's Lambda does with one event. */
export async function answerEvent(
  payload: string,
  environment: { readonly name: string; readonly provider: Provider; readonly clock: Clock },
  site: DaySite,
): Promise<string> {
  const { provider, clock, name } = environment;
  const { recordId, attemptId, deadlineAtMs } = workerRequestSchema.parse(JSON.parse(payload));
  const leftMs = deadlineAtMs - clock.nowMs();
  if (leftMs <= 0) throw Object.assign(new Error("the deadline has passed"), { name: "InvokedTooLate" });
  const startedAtMs = clock.nowMs();
  const timeoutMs = Math.min(provider.timeoutMs, leftMs);
  const answer = await site.request({ client: name, recordId, attemptId, timeoutMs });
  const outcome = outcomeOf(answer, clock.nowMs() - startedAtMs);
  return JSON.stringify({ version: WORKER_CONTRACT_VERSION, attemptId, outcome });
}

function outcomeOf(answer: SiteAnswer | undefined, latencyMs: number): WorkerOutcome {
  const cause = answer === undefined ? "no answer" : `HTTP ${answer.status}`;
  switch (answer?.status) {
    case 200:
      return { kind: "ok", latencyMs };
    case 404:
      return { kind: "rejected", latencyMs, cause };
    case 429: {
      const { retryAfterSeconds } = answer;
      return {
        kind: "throttled",
        latencyMs,
        cause,
        ...(retryAfterSeconds !== undefined && { retryAfterMs: retryAfterSeconds * 1_000 }),
      };
    }
    default:
      return { kind: "fault", latencyMs, cause };
  }
}
