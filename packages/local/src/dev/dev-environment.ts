import { queueArnsSchema } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import type { ByLane } from "@sluice/core/provider";
import * as z from "zod";

/** The variables that `sst dev` sets for the command. */
export interface DevEnvironment {
  readonly relayName: string;
  readonly queueArns: ByLane<string>;
}

/** Advice for a user whose environment does not say which mappings are meant. */
export const HOW_TO_ATTEND: string = [
  "`sst dev` starts this command in a pane of its own and sets these variables.",
  "To start it by hand, set SLUICE_RELAY to the name of the relay's function, SLUICE_RECORDS_QUEUE_ARN and",
  "SLUICE_EXPRESS_QUEUE_ARN to the ARNs of its queues, and AWS_REGION and credentials as for the AWS CLI.",
].join("\n");

class DevEnvironmentInvalid extends SluiceError {
  constructor(problems: string) {
    super("environment-invalid", `It is not clear which mappings to open:\n${problems}\n\n${HOW_TO_ATTEND}`);
  }
}

const schema = z.object({ SLUICE_RELAY: z.string().min(1) }).and(queueArnsSchema);

/** Reads the command's environment. @throws SluiceError `environment-invalid` */
export function parseDevEnvironment(variables: Readonly<Record<string, string | undefined>>): DevEnvironment {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) throw new DevEnvironmentInvalid(z.prettifyError(parsed.error));
  return {
    relayName: parsed.data.SLUICE_RELAY,
    queueArns: parsed.data.queueArns,
  };
}
