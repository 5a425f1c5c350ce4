import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * What SQS takes as a group id, less the colon, which marks a hash:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const LITERAL_KEY = /^[A-Za-z0-9!"#$%&'()*+,\-./;<=>?@[\\\]^_`{|}~]{1,128}$/;

/**
 * The key of a record wherever its id itself can't stand: message group, table key.
 * It is the id where SQS's character set and length allow, so that people can read it, and a hash otherwise;
 * different ids have different keys.
 */
export function recordKey(recordId: string): string {
  return LITERAL_KEY.test(recordId) ? recordId : `sha256:${sha256Hex(recordId)}`;
}

/** SHA-256 of a text's UTF-8, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
