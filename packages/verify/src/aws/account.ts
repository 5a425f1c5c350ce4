import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Clock } from "@sluice/core/ports";
import { calling } from "../call-failed.ts";
import type { Account } from "../ports/account.ts";
import { stoppableClock } from "../stoppable-clock.ts";
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
  /** Ends each wait for what is being made; removing goes on. */
  readonly interrupt: AbortSignal;
}

/** {@link Account} on AWS, through the clients of its SDK. */
export function createAwsAccount(deps: AwsAccountDeps): Account {
  const { clients, marks } = deps;
  const clock = stoppableClock(deps.clock, deps.interrupt);
  const { sqs, lambda, dynamodb, sts } = clients;
  return {
    async place() {
      const call = sts.send(new GetCallerIdentityCommand({}));
      const { Account: accountId = "" } = await calling("sts:GetCallerIdentity", call);
      return { accountId, region: await sts.config.region() };
    },
    queues: createQueues(sqs, clock, marks),
    functions: createFunctions({ ...deps, ...clients, clock }),
    mappings: createMappingCalls(lambda, clock, marks),
    journal: createJournal(dynamodb, clock, marks),
    remover: createRemover(clients, deps.clock),
  };
}
