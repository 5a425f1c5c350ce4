import type { Bench } from "./bench.ts";
import { AT_FIRST } from "./making.ts";
import { whenSettled } from "./when-settled.ts";

/** Gives the mapping the settings that it was made with, disabled, where another measurement has left others. @throws CallFailed, Interrupted */
export async function backToFirst(bench: Bench, uuid: string): Promise<void> {
  const { state, batchSize, maximumConcurrency } = await whenSettled(bench, uuid);
  const isAtFirst = batchSize === AT_FIRST.batchSize && maximumConcurrency === AT_FIRST.maximumConcurrency;
  if (isAtFirst && state === "Disabled") return;
  await bench.account.mappings.update(uuid, AT_FIRST);
  await whenSettled(bench, uuid);
}
