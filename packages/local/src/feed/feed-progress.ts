import type { FeedProgress } from "./feed-stream.ts";

/** Where progress is shown: `process.stdout`, say. */
export interface FeedOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Without a terminal a line is printed this often. */
const PLAIN_LINE_EVERY_MS = 5_000;

/** Shows how feeding goes: a live line on a terminal, plain lines elsewhere. */
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

/** What has been fed, as a sentence. */
export function feedText({ acceptedCount, rejectedCount, elapsedMs }: FeedProgress): string {
  const seconds = elapsedMs / 1_000;
  const rate = seconds === 0 ? 0 : acceptedCount / seconds;
  const rejected = rejectedCount === 0 ? "" : `, ${rejectedCount} rejected`;
  const noun = acceptedCount === 1 ? "record" : "records";
  return `Enqueued ${acceptedCount} ${noun}${rejected} in ${seconds.toFixed(1)} s, ${rate.toFixed(1)} per second`;
}
