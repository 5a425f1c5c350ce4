import type { Lambda } from "../lambda/lambda.ts";

/** Calls functions at intervals, as EventBridge Scheduler does: whether the last call has ended or not. */
export interface Schedules {
  /** The first call comes after one interval. */
  add(functionName: string, everyMs: number): void;
  stop(): void;
}

/** What a schedule hands over; nobody reads it. */
const EVENT = JSON.stringify({ source: "aws.scheduler" });

/** Starts without any. */
export function createSchedules(lambda: Lambda): Schedules {
  const timers: NodeJS.Timeout[] = [];
  return {
    add: (functionName, everyMs) => {
      timers.push(setInterval(() => void lambda.invoke(functionName, EVENT), everyMs));
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
