import { SluiceError } from "../errors.ts";

/** A run that can't take these records in. Nothing was sent that was not in it before. */
export class RunRefused extends SluiceError {
  constructor(runId: string, problem: string) {
    super("run-refused", `Run ${runId} ${problem}`);
  }
}
