import * as z from "zod";

/** The last calls, oldest first, each as one of two characters: `x` failed, `.` did not. */
export type CallWindow = string;

const FAILED = "x";
const PASSED = ".";

/** The stored form of {@link CallWindow}. */
export const callWindowSchema: z.ZodType<CallWindow> = z.string().regex(/^[x.]*$/);

/**
 * The window after more calls: the last `size` of all. Those of one report came in an order that nobody knows;
 * the failed ones are put first, and a report that fills the window alone keeps its share of failures.
 */
export function slide(
  window: CallWindow,
  counts: { readonly passedCount: number; readonly failedCount: number },
  size: number,
): CallWindow {
  const { passedCount, failedCount } = counts;
  const scale = Math.min(1, size / Math.max(1, passedCount + failedCount));
  const failed = FAILED.repeat(Math.round(failedCount * scale));
  return `${window}${failed}${PASSED.repeat(Math.round(passedCount * scale))}`.slice(-size);
}

/** Share of the calls in a window that failed; 0 if it is empty. */
export function failureRateOf(window: CallWindow): number {
  return window.length === 0 ? 0 : [...window].filter((call) => call === FAILED).length / window.length;
}
