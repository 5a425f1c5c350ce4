import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { ClockReading, QueueReading, Reading } from "@sluice/core/ports";
import * as z from "zod";
import { readingOf, unlessMissing } from "./reading.ts";

/** SQS tells numbers as text. */
const seconds = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => Number(text) * 1_000);
const redriveSchema = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() });
const attributesSchema = z.object({
  QueueArn: z.string(),
  VisibilityTimeout: seconds,
  MessageRetentionPeriod: seconds,
  RedrivePolicy: z.exactOptional(z.string()),
});

/** The ARN of a queue; undefined if there is none of the name. */
export function readQueueArn(client: SQSClient, name: string): Promise<Reading<string | undefined>> {
  return readingOf("sqs:GetQueueAttributes", async () => (await attributesOf(client, name))?.QueueArn);
}

/** A queue's attributes, and its tags as far as they may be read; undefined if there is none of the name. */
export function readQueue(client: SQSClient, name: string): Promise<Reading<QueueReading | undefined>> {
  return readingOf("sqs:GetQueueAttributes", async () => {
    const attributes = await attributesOf(client, name);
    if (attributes === undefined) return undefined;
    const { VisibilityTimeout: visibilityTimeoutMs, MessageRetentionPeriod: retentionMs } = attributes;
    const redrive = attributes.RedrivePolicy && redriveSchema.parse(JSON.parse(attributes.RedrivePolicy));
    const tags = await readTags(client, attributes.url);
    return {
      visibilityTimeoutMs,
      retentionMs,
      ...(redrive && {
        deadLetterQueue: redrive.deadLetterTargetArn.split(":").at(-1) ?? "",
        maxReceiveCount: redrive.maxReceiveCount,
      }),
      ...(tags.kind === "read" && { tags: tags.value }),
    };
  });
}

function readTags(client: SQSClient, url: string): Promise<Reading<Readonly<Record<string, string>>>> {
  return readingOf("sqs:ListQueueTags", async () => {
    const { Tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl: url }));
    return Tags;
  });
}

async function attributesOf(client: SQSClient, name: string) {
  const url = await unlessMissing("QueueDoesNotExist", () => urlOf(client, name));
  if (url === undefined) return undefined;
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["QueueArn", "VisibilityTimeout", "MessageRetentionPeriod", "RedrivePolicy"],
    }),
  );
  return { url, ...attributesSchema.parse(Attributes) };
}

async function urlOf(client: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  return z.string().parse(QueueUrl);
}

const datedSchema = z.object({ headers: z.object({ date: z.string() }) });

/** The clock of SQS, as an answer of it is dated; a refusal and "no such queue" are dated, too. */
export function readClock(
  client: SQSClient,
  queue: string,
  nowMs: () => number,
): Promise<Reading<ClockReading>> {
  return readingOf("sqs:GetQueueUrl", async () => {
    const command = new GetQueueUrlCommand({ QueueName: queue });
    let clock: ClockReading | undefined;
    command.middlewareStack.add(
      (next) => async (call) => {
        const askedAtMs = nowMs();
        const answer = await next(call);
        const dated = datedSchema.safeParse(answer.response);
        const secondMs = Date.parse(dated.data?.headers.date ?? "");
        if (Number.isFinite(secondMs)) clock = { secondMs, askedAtMs, answeredAtMs: nowMs() };
        return answer;
      },
      // Below the one that makes an error of a refusal, and above none that repeats.
      { step: "deserialize", priority: "low" },
    );
    await client.send(command).catch((thrown: unknown) => {
      if (clock === undefined) throw thrown;
    });
    if (clock === undefined) throw new Error("the answer has no date");
    return clock;
  });
}
