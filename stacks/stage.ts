import { writeFileSync } from "node:fs";
import { callerAccountId } from "@sluice/aws/caller-identity";
import { listProviderIds } from "@sluice/aws/file-catalog";
import { readEnvironments } from "@sluice/aws/file-environments";
import {
  DeployRefused,
  type Environment,
  type EnvironmentSettings,
  PRODUCTION,
  parseStage,
  type Stage,
  strayFrom,
  unpinnedSettings,
} from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";

/** A stage as it was read, with what its environment's file says. */
export type StageRead = Stage & {
  readonly isProduction: boolean;
  readonly settings: EnvironmentSettings;
  /** Absent where the environment has no file. */
  readonly pinned?: Environment;
};

/**
 * Reads the stage to deploy. Called before anything is created, so that a misspelt stage creates nothing.
 * @throws StageInvalid with the list of providers
 * @throws EnvironmentFileInvalid
 */
export async function readStage(stage: string): Promise<StageRead> {
  const read = parseStage(stage, await listProviderIds());
  const { environment } = read;
  const isProduction = environment === PRODUCTION;
  const pinned = (await readEnvironments()).find(({ name }) => name === environment);
  if (pinned === undefined) return { ...read, isProduction, settings: unpinnedSettings(environment) };
  return { ...read, isProduction, settings: pinned, pinned };
}

/**
 * Refuses the credentials of another account and another region before SST itself creates anything with them. What can't
 * be known yet is let through: the program asks again before its first resource.
 * @throws DeployRefused
 */
export async function refuseElsewhere(stage: string, pinned: Environment): Promise<void> {
  const problems = strayFrom(pinned, {
    accountId: await callerAccountId(pinned.region),
    // Left empty, as a CI's unset variable is, the SDK passes it over.
    region: process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined,
  });
  if (problems.length > 0) throw new DeployRefused(stage, problems);
}

/** Tells why SST stops: so early it keeps an error for its log, and says no more than "unexpected error". */
export async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof SluiceError) tell(thrown.message);
    throw thrown;
  }
}

/** Places that a person may look at: the terminal, or what SST's own command prints to, whose child this process is. */
const PLACES = ["/dev/tty", `/proc/${process.ppid}/fd/2`];

function tell(message: string): void {
  for (const place of PLACES) {
    try {
      writeFileSync(place, `${message}\n`, { flag: "a" });
      return;
    } catch {
      // There is none, as the terminal in a CI and the second anywhere but on Linux: SST's log has the message.
    }
  }
}
