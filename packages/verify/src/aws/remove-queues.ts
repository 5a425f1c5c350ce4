import {
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type ListQueuesCommandOutput,
  ListQueueTagsCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { calling } from "../call-failed.ts";
import { unlessGone } from "../try-until.ts";
import { QUEUE_GONE } from "./queue-gone.ts";
import { isTagged } from "./tagged.ts";

const PAGE = 1_000;

/** The names of queues that runs have made. */
export async function findQueues(client: SQSClient, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page: ListQueuesCommandOutput = await calling(
      "sqs:ListQueues",
      client.send(
        new ListQueuesCommand({
          QueueNamePrefix: prefix,
          MaxResults: PAGE,
          ...(next !== undefined && { NextToken: next }),
        }),
      ),
    );
    for (const url of page.QueueUrls ?? []) {
      const name = url.slice(url.lastIndexOf("/") + 1);
      const tags = client.send(new ListQueueTagsCommand({ QueueUrl: url }));
      const answer = await calling("sqs:ListQueueTags", unlessGone(tags, QUEUE_GONE));
      if (isTagged(name, answer?.Tags)) found.push(name);
    }
    next = page.NextToken;
  } while (next !== undefined);
  return found;
}

/** Deletes a queue with its messages. */
export async function removeQueue(client: SQSClient, name: string): Promise<void> {
  const url = unlessGone(client.send(new GetQueueUrlCommand({ QueueName: name })), QUEUE_GONE);
  const { QueueUrl } = (await calling("sqs:GetQueueUrl", url)) ?? {};
  if (QueueUrl === undefined) return;
  await calling("sqs:DeleteQueue", unlessGone(client.send(new DeleteQueueCommand({ QueueUrl })), QUEUE_GONE));
}
