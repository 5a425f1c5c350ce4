import type { RunStatus } from "@sluice/core/runs";
import { clockText, countText } from "./figure-text.ts";
import { paceText } from "./run-ledger.ts";

/** The counts of a run at an instant. */
export interface Glance {
  readonly servedCount: number;
  readonly requestCount: number;
  readonly inFlightCount: number;
  readonly queuedCount: number;
  /** The run's ledger; absent until it has been read. */
  readonly run?: RunStatus;
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

/** Makes a progress that shows a live line on a terminal, and plain lines elsewhere. */
export function createRunProgress(
  stream: NodeJS.WriteStream,
  totalCount: number,
  maxConcurrency: number,
): RunProgress {
  const startedAtMs = performance.now();
  const glances: { atMs: number; servedCount: number }[] = [];
  let lastPlainAtMs = startedAtMs;
  let isLineOpen = false;

  function end(): void {
    if (isLineOpen) stream.write("\n");
    isLineOpen = false;
  }

  function line({ servedCount, inFlightCount, queuedCount, run }: Glance, nowMs: number): string {
    const percent = Math.floor((100 * servedCount) / Math.max(1, totalCount));
    return [
      `${clockText(nowMs - startedAtMs)}  fetched ${countText(servedCount)} of ${countText(totalCount)} (${percent} %)`,
      `${rate(servedCount, nowMs)}/s`,
      `in flight ${inFlightCount} of ${maxConcurrency}`,
      `queued ${countText(queuedCount)}`,
      ...(run === undefined ? [] : [paceText(run, Date.now())]).filter((text) => text !== ""),
    ].join(" · ");
  }

  function rate(servedCount: number, nowMs: number): string {
    glances.push({ atMs: nowMs, servedCount });
    while (glances.length > 2 && nowMs - (glances[0]?.atMs ?? nowMs) > RATE_OVER_MS) glances.shift();
    const first = glances[0];
    if (first === undefined || nowMs === first.atMs) return "0";
    return (((servedCount - first.servedCount) * 1_000) / (nowMs - first.atMs)).toFixed(0);
  }

  return {
    end,
    say(text) {
      end();
      stream.write(`${text}\n`);
    },
    show(glance) {
      const nowMs = performance.now();
      const text = line(glance, nowMs);
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
        isLineOpen = true;
      } else if (nowMs - lastPlainAtMs >= PLAIN_LINE_EVERY_MS) {
        stream.write(`${text}\n`);
        lastPlainAtMs = nowMs;
      }
    },
  };
}
