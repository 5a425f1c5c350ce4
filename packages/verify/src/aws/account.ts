import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Clock } from "@sluice/core/ports";
import { calling } from "../call-failed.ts";
import type { Account } from "../ports/account.ts";
import type { Clients } from "./clients.ts";
import { createFunctions } from "./functions.ts";
import { createJournal } from "./journal.ts";
import { createMappingCalls } from "./mapping-calls.ts";
import { createQueues } from "./queues.ts";
import { createRemover } from "./remover.ts";
import type { Marks } from "./tagged.ts";

/** The parts of {@link createAwsAccount}. */
export interface AwsAccountDeps {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly marks: Marks;
  readonly permissionsBoundaryArn?: string | undefined;
}

/** {@link Account} on AWS, through the clients of its SDK. */
export function createAwsAccount(deps: AwsAccountDeps): Account {
  const { clients, clock, marks } = deps;
  const { sqs, lambda, dynamodb, sts } = clients;
  return {
    async place() {
      const call = sts.send(new GetCallerIdentityCommand({}));
      const { Account: accountId = "" } = await calling("sts:GetCallerIdentity", call);
      return { accountId, region: await sts.config.region() };
    },
    queues: createQueues(sqs, clock, marks),
    functions: createFunctions({ ...deps, ...clients }),
    mappings: createMappingCalls(lambda, clock, marks),
    journal: createJournal(dynamodb, clock, marks),
    remover: createRemover(clients, clock),
  };
}
