import { setTimeout as sleep } from "node:timers/promises";
import type { LocalRun } from "./local-run.ts";

const LOOK_EVERY_MS = 100;

/**
 * Waits until every event source mapping has been created, and has the waker open them: they begin at the floor, and a
 * run of a minute must not wait a minute for the waker's first round, nor a short storm pass while they open.
 */
export async function openValves({ cloud, deployment }: LocalRun, signal: AbortSignal): Promise<void> {
  const { mappings, lambda } = cloud.lambdaService;
  const settled = async () => {
    while (!signal.aborted && mappings.list().some(({ state }) => state !== "Enabled")) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };
  await settled();
  if (!signal.aborted) await lambda.invoke(deployment.plan.waker.name, "{}");
  await settled();
}
