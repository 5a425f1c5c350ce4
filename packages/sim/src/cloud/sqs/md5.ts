import { createHash } from "node:crypto";
import type { MessageAttribute } from "../../event-source-mapping/mapping-queue.ts";

/** MD5 of a message body, which the SDK checks. */
export function md5OfBody(body: string): string {
  return createHash("md5").update(body).digest("hex");
}

/**
 * MD5 of message attributes: sorted by name, each as name, type, kind of value (1 for a text, 2 for bytes) and value,
 * with the lengths before them.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const hash = createHash("md5");
  for (const name of Object.keys(attributes).toSorted()) {
    const { dataType, stringValue, binaryValue } = attributes[name] as MessageAttribute;
    hash.update(withLength(Buffer.from(name))).update(withLength(Buffer.from(dataType)));
    hash.update(Buffer.from([stringValue === undefined ? 2 : 1]));
    hash.update(
      withLength(
        stringValue === undefined ? Buffer.from(binaryValue ?? "", "base64") : Buffer.from(stringValue),
      ),
    );
  }
  return hash.digest("hex");
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
