import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * The texts that SQS takes as a group id, less those with a colon, which marks a hash:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const LITERAL_KEY = /^[A-Za-z0-9!"#$%&'()*+,\-./;<=>?@[\\\]^_`{|}~]{1,128}$/;

/**
 * The key of a record as message group and in the table, where not every id can stand: the id itself where SQS's
 * character set and length allow, so that people can read it, and a hash otherwise. Different ids have different keys.
 */
export function recordKey(recordId: string): string {
  return LITERAL_KEY.test(recordId) ? recordId : `sha256:${sha256Hex(recordId)}`;
}

/** SHA-256 of a text's UTF-8, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
