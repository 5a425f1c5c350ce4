import type { CommandDeps } from "./command-deps.ts";
import { confirm } from "./confirm.ts";
import type { VerifyOptions } from "./options.ts";
import { RESOURCE_KINDS } from "./ports/resource.ts";
import { removeAll } from "./removal/remove-all.ts";
import { PREFIX } from "./run-names.ts";

/**
 * Removes what earlier runs have left: whatever has both their prefix and their tag.
 * @returns true if nothing of it is left
 * @throws SluiceError `not-confirmed`, CallFailed
 */
export async function clean(
  { account, environment, timing, surroundings }: CommandDeps,
  { yes }: Pick<VerifyOptions, "yes">,
): Promise<boolean> {
  const { tell } = surroundings;
  const found = [];
  for (const kind of RESOURCE_KINDS) found.push(...(await account.remover.find(kind, PREFIX)));
  if (found.length === 0) {
    tell(`Account ${environment.accountId} in ${environment.region} has nothing named ${PREFIX}….`);
    return true;
  }
  tell(
    `This removes from account ${environment.accountId} in ${environment.region}, a run under way included:`,
  );
  for (const { kind, name } of found) tell(`  ${kind} ${name}`);
  await confirm(yes, surroundings);
  const { clock } = surroundings;
  const removing = { remover: account.remover, clock, apartMs: timing.lookEveryMs, say: tell };
  const leftovers = await removeAll(removing, found);
  return leftovers.length === 0;
}
