/** The progress of the lab, for a person to watch. */
export interface LabProgress {
  started(name: string): void;
  ended(name: string): void;
  /** Clears the live line, so that something else can be printed. */
  clear(): void;
}

/** Shows a live line on a terminal, and elsewhere a line every {@link PLAIN_LINE_EVERY_MS}. */
export function createLabProgress(stream: NodeJS.WriteStream, totalCount: number): LabProgress {
  const startedAtMs = performance.now();
  const running = new Set<string>();
  let doneCount = 0;
  let lastPlainAtMs = startedAtMs;

  function show(): void {
    const nowMs = performance.now();
    const seconds = Math.round((nowMs - startedAtMs) / 1_000);
    const text = `${doneCount} of ${totalCount} runs · ${seconds} s · ${[...running].join(", ")}`;
    if (stream.isTTY) stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    else if (nowMs - lastPlainAtMs >= PLAIN_LINE_EVERY_MS) {
      stream.write(`${text}\n`);
      lastPlainAtMs = nowMs;
    }
  }

  return {
    started(name) {
      running.add(name);
      show();
    },
    ended(name) {
      running.delete(name);
      doneCount += 1;
      show();
    },
    clear() {
      if (stream.isTTY) stream.write("\r\u001b[K");
    },
  };
}

const PLAIN_LINE_EVERY_MS = 15_000;
