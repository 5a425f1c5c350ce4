import { SluiceError } from "@sluice/core/errors";
import { type Connection, placeText } from "./connect/connection.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ChangeOptions } from "./verbs/change-options.ts";

/**
 * Asks whether a change is wanted, unless the command line has said so.
 * @param what the change in a sentence, without the place
 * @returns false if it is not
 * @throws SluiceError `not-confirmed` if there is nobody to ask, or `--yes` may be meant for another place
 */
export async function confirm(
  what: string,
  { yes = false }: Pick<ChangeOptions, "yes">,
  { place, provider }: Pick<Connection, "place" | "provider">,
  { stdin, stderr }: Surroundings,
): Promise<boolean> {
  if (yes) {
    if (place.kind === "local" || place.isNamed) return true;
    const hint = `--yes changes ${provider.id} on AWS only where it is named: add --environment ${place.environment}`;
    throw new SluiceError("not-confirmed", hint);
  }
  if (!stdin.isTerminal) {
    throw new SluiceError(
      "not-confirmed",
      "There is no terminal to ask on: add --yes, or --dry-run to look first",
    );
  }
  stderr.write(`${provider.id} in ${placeText(place)}: ${what}\n`);
  const answer = await stdin.readLine("Go on? [y/N] ");
  if (/^\s*y(es)?\s*$/i.test(answer ?? "")) return true;
  stderr.write("Nothing has changed.\n");
  return false;
}

/**
 * The reason of a change: the one that was given, or the one that a person at a terminal gives now; undefined if he ends the
 * command instead.
 */
export async function reasonFor(
  { reason }: ChangeOptions,
  { stdin }: Surroundings,
): Promise<string | undefined> {
  if (reason !== undefined || !stdin.isTerminal) return reason ?? "";
  return stdin.readLine("Reason, which others will read: ");
}
