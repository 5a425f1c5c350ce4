import { availableParallelism } from "node:os";
import type { DayAnswer, DayRequest } from "../../packages/sim/src/days/command/day-request.ts";
import { runOnThreads } from "../../packages/sim/src/threads/thread-pool.ts";

const BODY = new URL("../../packages/sim/src/days/command/thread.ts", import.meta.url);

/** A day that was run. */
export type RanDay = Extract<DayAnswer, { kind: "ran" }>;

/** Runs days on all cores. @param onDay hears of each as it ends */
export async function runDays<Request extends DayRequest>(
  requests: readonly Request[],
  onDay: (day: RanDay, request: Request) => void,
): Promise<void> {
  await runOnThreads<Request, DayAnswer>(requests, {
    body: BODY,
    threadCount: availableParallelism(),
    signal: new AbortController().signal,
    onEnd(request, answer) {
      if (answer.kind === "ran") onDay(answer, request);
    },
  });
}
