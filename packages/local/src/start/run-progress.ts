/** A glance at a run. */
export interface Glance {
  readonly servedCount: number;
  readonly requestCount: number;
  readonly inFlightCount: number;
  readonly queuedCount: number;
}

/** Tells a person how a run goes. */
export interface Progress {
  /** A sentence that stays. */
  say(text: string): void;
  show(glance: Glance): void;
  /** Ends the live line. */
  end(): void;
}

/** Without a terminal a line is printed this often. */
const PLAIN_LINE_EVERY_MS = 5_000;
/** The rate is that of the last seconds, not of the whole run. */
const RATE_OVER_MS = 5_000;

/** A live line on a terminal, plain lines elsewhere. */
export function createProgress(stream: NodeJS.WriteStream, totalCount: number, limit: number): Progress {
  const startedAtMs = performance.now();
  const glances: { atMs: number; servedCount: number }[] = [];
  let lastPlainAtMs = startedAtMs;
  let isLineOpen = false;

  function end(): void {
    if (isLineOpen) stream.write("\n");
    isLineOpen = false;
  }

  function line({ servedCount, inFlightCount, queuedCount }: Glance, nowMs: number): string {
    const percent = Math.floor((100 * servedCount) / Math.max(1, totalCount));
    return [
      `${clock(nowMs - startedAtMs)}  fetched ${count(servedCount)} of ${count(totalCount)} (${percent} %)`,
      `${rate(servedCount, nowMs)}/s`,
      `in flight ${inFlightCount} of ${limit}`,
      `queued ${count(queuedCount)}`,
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

function clock(durationMs: number): string {
  const totalSeconds = Math.floor(durationMs / 1_000);
  const minutes = String(Math.floor(totalSeconds / 60)).padStart(2, "0");
  return `${minutes}:${String(totalSeconds % 60).padStart(2, "0")}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
