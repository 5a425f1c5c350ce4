import { writeFileSync } from "node:fs";
import { listProviderIds } from "@sluice/aws/file-catalog";
import { PRODUCTION, parseStage, type Stage, StageInvalid } from "@sluice/core/deployment";

/** A stage as it was read. */
export interface StageRead extends Stage {
  readonly isProduction: boolean;
}

/**
 * Reads the stage to deploy. Called before anything is created, so that a misspelt stage creates nothing.
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

/** Tells the terminal: SST keeps so early an error for its log, and says no more than "unexpected error". */
function tell(message: string): void {
  try {
    writeFileSync("/dev/tty", `${message}\n`);
  } catch {
    // Without a terminal the message is only in SST's log.
  }
}
