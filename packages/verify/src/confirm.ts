import { SluiceError } from "@sluice/core/errors";
import type { Surroundings } from "./surroundings.ts";

/**
 * Asks whether to go on, unless the command line has said so.
 * @throws SluiceError `not-confirmed` if there is nobody to ask, or he does not want it
 */
export async function confirm(isWanted: boolean, { isTerminal, ask }: Surroundings): Promise<void> {
  if (isWanted) return;
  if (!isTerminal) throw new SluiceError("not-confirmed", "There is no terminal to ask on: add --yes");
  const answer = await ask("Go on? [y/N] ");
  if (!/^\s*y(es)?\s*$/i.test(answer ?? "")) throw new SluiceError("not-confirmed", "Nothing has changed.");
}
