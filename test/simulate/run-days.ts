import { availableParallelism, constants, setPriority } from "node:os";
import type { DayAnswer, DayRequest } from "../../packages/sim/src/days/command/day-request.ts";
import { runOnThreads } from "../../packages/sim/src/threads/thread-pool.ts";

const BODY = new URL("../../packages/sim/src/days/command/thread.ts", import.meta.url);

/** A day that was run. */
export type RanDay = Extract<DayAnswer, { kind: "ran" }>;

/** Runs days on all cores, of which it takes what others leave. @param onDay hears of each as it ends */
export async function runDays<Request extends DayRequest>(
  requests: readonly Request[],
  onDay: (day: RanDay, request: Request) => void,
): Promise<void> {
  // On virtual time nothing is late, unlike in the tests on the real clock that run meanwhile. Threads inherit it.
  setPriority(constants.priority.PRIORITY_LOW);
  await runOnThreads<Request, DayAnswer>(requests, {
    body: BODY,
    threadCount: availableParallelism(),
    signal: new AbortController().signal,
    onEnd(request, answer) {
      if (answer.kind === "ran") onDay(answer, request);
    },
  });
}
