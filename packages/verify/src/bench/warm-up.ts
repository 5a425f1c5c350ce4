import type { Bench } from "./bench.ts";

/** So long that the last call begins before the first one has ended. */
const HOLD_MS = 1_500;

/**
 * Has so many environments of the recorder started, so that none has to be in what is measured afterwards. Lambda keeps an idle
 * one for some minutes. @throws CallFailed
 */
export async function warmUp({ account, names, timing }: Bench, environments: number): Promise<void> {
  const holdMs = Math.min(HOLD_MS, 3 * timing.holdMs);
  const call = () => account.functions.invoke(names.recorder, { holdMs });
  await Promise.all(Array.from({ length: environments }, call));
}
