import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Unreachable } from "@sluice/core/errors";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";

/** Time for the answer, repeats included: longer than STS takes, and short enough for a person who waits. */
const ANSWER_MAX_MS = 5_000;

const identitySchema = z.object({ Arn: z.string().min(1) });

/**
 * A client with the environment's credentials and endpoint; it repeats what fails or does not answer for now.
 * @param region left out: the environment's
 */
export function createStsClient(region?: string): STSClient {
  return new STSClient({ requestHandler: createAnswerHandler(), ...(region !== undefined && { region }) });
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

/**
 * The account of the credentials in use; undefined if there are none, or no answer comes within a few seconds.
 * @param region whose STS is asked
 */
export async function callerAccountId(region: string): Promise<string | undefined> {
  const client = createStsClient(region);
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    return Account;
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}
