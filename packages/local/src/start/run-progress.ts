import type { RunStatus } from "@sluice/core/runs";
import { clockText, countText, leftText } from "./figure-text.ts";
import { unsureText } from "./run-ledger.ts";

/** The counts of a run at an instant. */
export interface Glance {
  readonly servedCount: number;
  readonly requestCount: number;
  readonly inFlightCount: number;
  readonly queuedCount: number;
  /** Present while nothing is left but messages that wait for their next attempt. */
  readonly retry?: RetryWait;
  /** The run's ledger; absent until it has been read. */
  readonly run?: RunStatus;
}

/** Messages that nobody sees before an instant. */
export interface RetryWait {
  readonly count: number;
  readonly nextAtMs: number;
}

/** Shows the progress of a run on a terminal or in a log. */
export interface RunProgress {
  /** A sentence that stays. */
  say(text: string): void;
  show(glance: Glance): void;
  /** Ends the live line. */
  end(): void;
}

/** Time between two lines where there is no terminal. */
const PLAIN_LINE_EVERY_MS = 5_000;
/** The time that the rate is taken over: the last seconds, not the whole run. */
const RATE_OVER_MS = 5_000;

/** Less is shown as nothing. */
const LEFT_MIN_MS = 1_000;

/** A stream that progress is shown on: `process.stdout`, say. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The figures of a run that do not change, and the clocks to show it by. */
export interface RunProgressOptions {
  readonly totalCount: number;
  /** X. */
  readonly maxConcurrency: number;
  readonly nowMs?: () => number;
}

/** Makes a progress that shows a live line on a terminal, and plain lines elsewhere, the first at once. */
export function createRunProgress(
  stream: ProgressOutput,
  { totalCount, maxConcurrency, nowMs: readNowMs = Date.now }: RunProgressOptions,
): RunProgress {
  const startedAtMs = readNowMs();
  const glances: { atMs: number; servedCount: number }[] = [];
  let lastPlainAtMs = Number.NEGATIVE_INFINITY;
  let isLineOpen = false;

  function end(): void {
    if (isLineOpen) stream.write("\n");
    isLineOpen = false;
  }

  function line(glance: Glance, nowMs: number): string {
    const { servedCount, inFlightCount, queuedCount, retry } = glance;
    const percent = Math.floor((100 * servedCount) / Math.max(1, totalCount));
    const rate = ratePerSecond(servedCount, nowMs);
    return [
      `${clockText(nowMs - startedAtMs)}  fetched ${countText(servedCount)} of ${countText(totalCount)} (${percent} %)`,
      retry === undefined ? `${rate.toFixed(0)}/s${endText(glance, rate, nowMs)}` : retryText(retry, nowMs),
      `in flight ${inFlightCount} of ${maxConcurrency}`,
      `queued ${countText(queuedCount)}`,
    ].join(" · ");
  }

  /** The ledger knows best when a run ends; until it does, the rate of the last seconds tells. */
  function endText({ servedCount, run }: Glance, rate: number, nowMs: number): string {
    const leftCount = totalCount - servedCount - (run?.counts.dead ?? 0);
    if (leftCount <= 0) return "";
    const leftMs = run?.endsAtMs === undefined ? undefined : run.endsAtMs - nowMs;
    // An end that is due, with records left, was no more than hoped for: workers that can't begin never reach it.
    if (leftMs !== undefined) {
      return leftMs < LEFT_MIN_MS ? "" : `, done in ${leftText(leftMs)}${unsureText(run?.endUnsureMs)}`;
    }
    return rate === 0 ? "" : `, done in ${leftText((leftCount * 1_000) / rate)}`;
  }

  function ratePerSecond(servedCount: number, nowMs: number): number {
    glances.push({ atMs: nowMs, servedCount });
    while (glances.length > 2 && nowMs - (glances[0]?.atMs ?? nowMs) > RATE_OVER_MS) glances.shift();
    const first = glances[0];
    if (first === undefined || nowMs === first.atMs) return 0;
    return ((servedCount - first.servedCount) * 1_000) / (nowMs - first.atMs);
  }

  return {
    end,
    say(text) {
      end();
      stream.write(`${text}\n`);
    },
    show(glance) {
      const nowMs = readNowMs();
      const text = line(glance, nowMs);
      if (stream.isTTY === true) {
        stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
        isLineOpen = true;
      } else if (nowMs - lastPlainAtMs >= PLAIN_LINE_EVERY_MS) {
        stream.write(`${text}\n`);
        lastPlainAtMs = nowMs;
      }
    },
  };
}

/** A wait for the next attempt in words. */
export function retryText({ count, nextAtMs }: RetryWait, nowMs: number): string {
  return `waiting for a retry (${countText(count)}), ${Math.max(0, Math.ceil((nextAtMs - nowMs) / 1_000))} s`;
}
