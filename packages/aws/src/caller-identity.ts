import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Unreachable } from "@sluice/core/errors";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";

const identitySchema = z.object({ Arn: z.string().min(1) });

/** A client with the environment's region, credentials and endpoint; it repeats what fails or does not answer for now. */
export function createStsClient(): STSClient {
  return new STSClient({ requestHandler: createAnswerHandler() });
}

/**
 * The ARN of whoever calls, by the credentials in use: of a user, or of a role with the name of its session. AWS answers
 * whatever the caller may do else. Asking twice is harmless.
 * @throws Unreachable if STS did not answer, is in trouble, or gave an answer that is none of its own; a refusal of the
 * credentials in the SDK's words
 */
export async function callerArn(client: STSClient): Promise<string> {
  const answer = identitySchema.safeParse(
    await orUnreachable("STS", client.send(new GetCallerIdentityCommand())),
  );
  if (!answer.success) throw new Unreachable("STS", "its answer names nobody");
  return answer.data.Arn;
}
