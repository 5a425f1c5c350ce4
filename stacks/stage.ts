import { writeFileSync } from "node:fs";
import { listProviderIds } from "@sluice/aws/file-catalog";
import { PRODUCTION, parseStage, type Stage, StageInvalid } from "@sluice/core/deployment";

/** What is deployed where. */
export interface StageRead extends Stage {
  readonly isProduction: boolean;
}

/**
 * What a stage deploys. Asked before anything is created, so that a misspelt stage creates nothing.
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

/** SST keeps what goes wrong this early for its log, and says no more than "unexpected error". */
function tell(message: string): void {
  try {
    writeFileSync("/dev/tty", `${message}\n`);
  } catch {
    // Without a terminal the log is where to look.
  }
}
