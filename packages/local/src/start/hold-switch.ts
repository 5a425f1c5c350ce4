import { messageOf } from "@sluice/core/errors";
import { readSteering } from "@sluice/core/operator";
import type { Operator } from "./operator.ts";

/** Length of a hold that a key orders. */
export const KEY_HOLD_MS = 20_000;

/**
 * Makes the function behind the key: it holds the provider, or ends the hold that is in force. Turns come one after
 * the other, however quickly the key is pressed; it never throws.
 * @param say shows a refusal or an error
 */
export function createHoldSwitch(operator: Operator, say: (text: string) => void): () => Promise<void> {
  let turning: Promise<void> = Promise.resolve();

  async function turn(): Promise<void> {
    try {
      const { reasons } = await readSteering(operator.deps);
      const isHeld = reasons.some(({ kind }) => kind === "order");
      const answer = isHeld ? await operator.resume() : await operator.hold({ forMs: KEY_HOLD_MS });
      if (answer.kind === "refused") say(`refused: ${answer.hint}`);
    } catch (thrown) {
      say(`the order could not be given: ${messageOf(thrown)}`);
    }
  }

  return () => {
    turning = turning.then(turn);
    return turning;
  };
}
