import { wake } from "@sluice/core/waker";
import { wire } from "./wiring.ts";

const { deps } = wire("waker");

/** The waker's Lambda. The event of a schedule says nothing, so it is not read. */
export async function handler(
  _event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  await wake(deps, deps.clock.nowMs() + context.getRemainingTimeInMillis());
}
