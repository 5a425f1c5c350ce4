/** The progress of many days, for a person to watch. */
export interface DaysProgress {
  /** Takes note of a day; its breaches are lines that stay. */
  ended(breaches: readonly string[]): void;
  /** Clears the live line, so that something else can be printed. */
  clear(): void;
}

const PLAIN_LINE_EVERY_MS = 15_000;

/** Shows a live line on a terminal, and elsewhere a line every now and then. */
export function createDaysProgress(stream: NodeJS.WriteStream, totalCount: number): DaysProgress {
  const startedAtMs = performance.now();
  let doneCount = 0;
  let breachCount = 0;
  let lastPlainAtMs = startedAtMs;

  function show(): void {
    const nowMs = performance.now();
    const elapsedSeconds = (nowMs - startedAtMs) / 1_000;
    const leftSeconds = Math.round((elapsedSeconds / Math.max(1, doneCount)) * (totalCount - doneCount));
    const text = `${doneCount} of ${totalCount} days · ${breachCount} with a breach · ${leftSeconds} s left`;
    if (stream.isTTY) stream.write(`\r\u001b[K${text}`);
    else if (nowMs - lastPlainAtMs >= PLAIN_LINE_EVERY_MS) {
      stream.write(`${text}\n`);
      lastPlainAtMs = nowMs;
    }
  }

  function clear(): void {
    if (stream.isTTY) stream.write("\r\u001b[K");
  }

  return {
    ended(breaches) {
      doneCount += 1;
      if (breaches.length > 0) breachCount += 1;
      clear();
      for (const breach of breaches) stream.write(`✗ ${breach}\n`);
      show();
    },
    clear,
  };
}
