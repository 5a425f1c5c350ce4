import { SluiceError } from "@sluice/core/errors";

/** A queue that refuses whatever is asked of it, until its key or the caller's permissions are mended. */
export class QueueRefuses extends SluiceError {
  constructor(reason: string, options?: ErrorOptions) {
    const advice = "mend the queue's encryption key or the caller's permissions, then call again";
    super("queue-refuses", `The queue refuses this call and every other: ${reason} (${advice})`, options);
  }
}

/** Refusals of the key service, by the newer protocol's names and the older one's, and of IAM. */
const OF_KEY_OR_CALLER = /^(Kms|KMS\.|AccessDenied|NotAuthorized)/;

/** True for the name of a refusal that says nothing against the message; throttles have to be told from them before. */
export function isOfTheQueue(name: string): boolean {
  return OF_KEY_OR_CALLER.test(name);
}
