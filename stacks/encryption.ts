import { keyProblems } from "@sluice/core/deployment";
import { messageOf } from "@sluice/core/errors";
import { dnsSuffix, region, stage } from "./place.ts";

/** ARN of the key that encrypts table, queues and the alarms' own topic; absent: each service's, which AWS owns. */
export const { kmsKeyArn } = stage.settings;

/**
 * Seconds for which SQS uses a data key before it asks for the next one. Each role that sends or receives has data keys of its
 * own, so that at SQS's usual five minutes three queues make more requests than an account has free; and what is taken from
 * the key's policy still works for so long. 60 to 86,400:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export const DATA_KEY_REUSE_SECONDS = 60 * 60;

/** A statement of a policy that allows calls of the key. */
interface KeyUse {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/** Services that use the key in the name of whoever calls them. By itself nobody may use it. */
const VIA = ["sqs", "dynamodb"].map((service) => `${service}.${region}.${dnsSuffix}`);

/**
 * The permission to read rows and messages that the key encrypts, and to write rows: the table's own data key is made by
 * DynamoDB in its own name. None without a key.
 */
export const readingByKey: readonly KeyUse[] = by(["kms:Decrypt"]);
/** The permission to send messages, too: a queue's next data key is made, and tried, in the sender's name. */
export const sendingByKey: readonly KeyUse[] = by(["kms:Decrypt", "kms:GenerateDataKey"]);

function by(actions: string[]): readonly KeyUse[] {
  if (kmsKeyArn === undefined) return [];
  const conditions = [{ test: "StringEquals", variable: "kms:ViaService", values: VIA }];
  return [{ actions, resources: [kmsKeyArn], conditions }];
}

/** Reasons why the key is unfit, or can't be looked at. To be asked before anything is made with it. */
export async function unusableKey(): Promise<string[]> {
  if (kmsKeyArn === undefined) return [];
  try {
    return keyProblems(kmsKeyArn, await aws.kms.getKey({ keyId: kmsKeyArn }));
  } catch (thrown) {
    const advice = "Correct the field, or allow kms:DescribeKey on it to whoever deploys";
    return [`kmsKeyArn: ${kmsKeyArn} can't be looked at. ${advice}. AWS said: ${messageOf(thrown)}`];
  }
}
