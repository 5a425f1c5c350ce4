import { wake } from "@sluice/core/waker";
import { wire } from "./wiring.ts";

const { deps } = wire("waker");

/** The waker's Lambda. What a schedule hands over says nothing, so it is not looked at. */
export async function handler(
  _event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  await wake(deps, deps.clock.nowMs() + context.getRemainingTimeInMillis());
}
