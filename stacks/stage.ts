import { writeFileSync } from "node:fs";
import { listProviderIds } from "@sluice/aws/file-catalog";
import { PRODUCTION, parseStage, type Stage, StageInvalid } from "@sluice/core/deployment";

/** The provider and the environment that a stage names. */
export interface StageRead extends Stage {
  readonly isProduction: boolean;
}

/**
 * Reads a stage. Called before anything is created, so that a misspelt stage creates nothing.
 * @throws StageInvalid with the list of providers
 */
export async function readStage(stage: string): Promise<StageRead> {
  const knownIds = await listProviderIds();
  try {
    const read = parseStage(stage, knownIds);
    return { ...read, isProduction: read.environment === PRODUCTION };
  } catch (thrown) {
    if (thrown instanceof StageInvalid) tell(thrown.message);
    throw thrown;
  }
}

/** Tells the user by the terminal itself: SST keeps errors this early for its log, and says only "unexpected error". */
function tell(message: string): void {
  try {
    writeFileSync("/dev/tty", `${message}\n`);
  } catch {
    // Without a terminal the message is in SST's log only.
  }
}
