import { strayFrom } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { clean } from "./clean.ts";
import type { CommandDeps } from "./command-deps.ts";
import type { VerifyOptions } from "./options.ts";
import { verify } from "./verify.ts";

/** Exit codes of the command, besides 2 for what is refused. */
export const EXIT = { done: 0, incomplete: 1, interrupted: 130 };

/**
 * Measures, or cleans up, in the account of the environment and in no other.
 * @returns the exit code
 * @throws SluiceError `account-refused`, `not-confirmed`, CallFailed
 */
export async function runVerify(deps: CommandDeps, options: VerifyOptions): Promise<number> {
  await refuseElsewhere(deps);
  const isComplete = options.clean ? await clean(deps, options) : await verify(deps, options);
  if (deps.surroundings.interrupt.aborted) return EXIT.interrupted;
  return isComplete ? EXIT.done : EXIT.incomplete;
}

async function refuseElsewhere({ environment, account, surroundings }: CommandDeps): Promise<void> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = surroundings.variables;
  const { accountId } = await account.place();
  const problems = strayFrom(environment, { accountId, region: AWS_REGION ?? AWS_DEFAULT_REGION });
  if (problems.length === 0) return;
  throw new SluiceError("account-refused", `${problems.join(". ")}. Nothing was made`);
}
