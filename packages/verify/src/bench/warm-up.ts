import type { Bench } from "./bench.ts";
import { freeConcurrency } from "./free-concurrency.ts";

/** So long that the last call begins before the first one has ended. */
const HOLD_MS = 1_500;

/**
 * Has so many environments of the recorder started, as far as the account can spare them, so that none has to start in what is measured afterwards. Lambda keeps an idle
 * one for some minutes. @throws CallFailed
 */
export async function warmUp(bench: Bench, environments: number): Promise<void> {
  const { account, names, timing } = bench;
  const length = Math.min(environments, await freeConcurrency(bench));
  const holdMs = Math.min(HOLD_MS, 3 * timing.holdMs);
  const call = () => account.functions.invoke(names.recorder, { holdMs });
  await Promise.all(Array.from({ length }, call));
}
