import type { FeedProgress } from "./feed-stream.ts";

/** A stream that progress is shown on: `process.stdout`, say. */
export interface FeedOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Time between two lines where there is no terminal. */
const PLAIN_LINE_EVERY_MS = 5_000;

/** Makes a function that shows the progress of feeding: as a live line on a terminal, as plain lines elsewhere. */
export function showFeedProgress(output: FeedOutput): (progress: FeedProgress) => void {
  let printedAtMs = 0;
  return (progress) => {
    if (output.isTTY === true) {
      output.write(`\r\u001b[K${feedText(progress)}`);
    } else if (progress.elapsedMs - printedAtMs >= PLAIN_LINE_EVERY_MS) {
      printedAtMs = progress.elapsedMs;
      output.write(`${feedText(progress)}\n`);
    }
  };
}

/** The progress of feeding as a sentence. */
export function feedText({ acceptedCount, rejectedCount, elapsedMs }: FeedProgress): string {
  const seconds = elapsedMs / 1_000;
  const rate = seconds === 0 ? 0 : acceptedCount / seconds;
  const rejected = rejectedCount === 0 ? "" : `, ${rejectedCount} rejected`;
  const noun = acceptedCount === 1 ? "record" : "records";
  return `Enqueued ${acceptedCount} ${noun}${rejected} in ${seconds.toFixed(1)} s, ${rate.toFixed(1)} per second`;
}
