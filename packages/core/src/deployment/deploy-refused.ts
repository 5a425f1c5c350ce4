import { SluiceError } from "../errors.ts";

/** Refusal of a deploy before anything is created; the message says what to do. */
export class DeployRefused extends SluiceError {
  constructor(stage: string, problems: readonly string[]) {
    super(
      "deploy-refused",
      `${stage} is not deployed, and nothing was created:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
}
