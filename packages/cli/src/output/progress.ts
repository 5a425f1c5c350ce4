import type { Surroundings } from "../surroundings.ts";

/** A line on stderr that changes; nothing where stderr is no terminal. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Makes a line of progress. */
export function createProgress({ stderr }: Pick<Surroundings, "stderr">): Progress {
  let isShown = false;
  return {
    show(text) {
      if (!stderr.isTerminal) return;
      isShown = true;
      stderr.write(`\r\u001b[K${text.slice(0, stderr.columns - 1)}`);
    },
    end() {
      if (isShown) stderr.write("\r\u001b[K");
      isShown = false;
    },
  };
}
