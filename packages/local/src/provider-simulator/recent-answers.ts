/** The answers of a provider in the last seconds. */
export interface RecentAnswers {
  /** Notes a request that is over. Instants are milliseconds since the epoch and must not go back. */
  note(answer: RecentAnswer): void;
  summary(nowMs: number): RecentSummary;
}

/** A request that is over. */
export interface RecentAnswer {
  readonly atMs: number;
  readonly latencyMs: number;
  /** True if the provider failed, or let its client wait until the client went away. */
  readonly isFault: boolean;
}

/** The last seconds in two numbers. */
export interface RecentSummary {
  /** Median of the answers that were no faults; absent if there were none. */
  readonly latencyMs?: number;
  readonly faultsPerSecond: number;
}

const WINDOW_MS = 3_000;

/** Makes a list of answers that is still empty. */
export function createRecentAnswers(): RecentAnswers {
  let answers: RecentAnswer[] = [];

  function forgetBefore(atMs: number): void {
    const kept = answers.findIndex((answer) => answer.atMs > atMs);
    answers = kept === -1 ? [] : answers.slice(kept);
  }

  return {
    note(answer) {
      forgetBefore(answer.atMs - WINDOW_MS);
      answers.push(answer);
    },
    summary(nowMs) {
      forgetBefore(nowMs - WINDOW_MS);
      const good = answers.filter(({ isFault }) => !isFault);
      const latencyMs = medianOf(good.map((answer) => answer.latencyMs));
      const faultsPerSecond = ((answers.length - good.length) * 1_000) / WINDOW_MS;
      return { faultsPerSecond, ...(latencyMs === undefined ? {} : { latencyMs }) };
    },
  };
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
