import { GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";
import {
  type CallPlace,
  ClientMisconfigured,
  credentialsRefused,
  misconfigurationOf,
  notSqs,
  noUrl,
} from "./client-misconfigured.ts";

/** The region that a client is for. @throws ClientMisconfigured if it has none */
export async function regionOf(client: SQSClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (thrown) {
    throw misconfigurationOf(thrown) ?? thrown;
  }
}

const answerSchema = z.object({ QueueUrl: z.url() });

/**
 * Asks SQS for the URL of a queue. It is the first call of a client, so it tells what is wrong with its settings, and
 * where it was sent to.
 * @throws ClientMisconfigured, Unreachable; a refusal by SQS as the SDK's own error
 */
export async function findQueueUrl(
  client: SQSClient,
  { queue, region }: { readonly queue: string; readonly region: string },
): Promise<string> {
  const command = new GetQueueUrlCommand({ QueueName: queue });
  const originOf = noteOrigin(command);
  try {
    const answer = answerSchema.safeParse(await client.send(command));
    if (answer.success) return answer.data.QueueUrl;
  } catch (thrown) {
    throw await explained(thrown, { region, origin: originOf() });
  }
  throw new ClientMisconfigured(notSqs("its answer has no queue's URL", { region, origin: originOf() }));
}

/** Notes where a command is sent to: the endpoint may come from a variable, from a file or from the client. */
function noteOrigin(command: GetQueueUrlCommand): () => string | undefined {
  let origin: string | undefined;
  command.middlewareStack.add(
    (next) => (call) => {
      const { protocol, hostname, port } = addressSchema.parse(call.request);
      origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      // The SDK takes every other protocol for http.
      if (protocol !== "https:" && protocol !== "http:") throw new ClientMisconfigured(noUrl(origin));
      return next(call);
    },
    { step: "build" },
  );
  return () => origin;
}

const addressSchema = z.object({ protocol: z.string(), hostname: z.string(), port: z.number().optional() });

/** Names for a token whose time is over: at a client's first call it was not new enough from the start. */
const EXPIRED = /^ExpiredToken/;
/** Hosts of AWS's own, whose names are made from the region. */
const OF_AWS = /\.(amazonaws\.com(\.cn)?|api\.aws)$/;

async function explained(thrown: unknown, place: CallPlace): Promise<unknown> {
  if (thrown instanceof ClientMisconfigured) return thrown;
  const known = misconfigurationOf(thrown, place);
  if (known !== undefined) return known;
  if (thrown instanceof Error && EXPIRED.test(thrown.name)) {
    const message = credentialsRefused(`${thrown.name}: ${thrown.message}`, place);
    return new ClientMisconfigured(message, { cause: thrown });
  }
  return orUnreachable(serviceAt(place), Promise.reject(thrown)).catch((error: unknown) => error);
}

/** SQS by its address, and the setting that leads there. */
function serviceAt({ origin }: CallPlace): string {
  if (origin === undefined) return "SQS";
  const setting = OF_AWS.test(origin) ? "AWS_REGION" : "AWS_ENDPOINT_URL_SQS";
  return `SQS at ${origin} (check ${setting})`;
}
