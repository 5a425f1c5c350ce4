/** Where to feed. */
export interface FeedTarget {
  /** Endpoint of a local SQS. */
  readonly sqs: string;
  readonly environment: string;
  readonly providerId: string;
}

/** The command that feeds a local run, as it can be pasted into a shell. */
export function feedCommand({ sqs, environment, providerId }: FeedTarget): string {
  return `AWS_ENDPOINT_URL_SQS=${sqs} npm run feed -- --environment ${environment} --provider ${providerId} --rate 5`;
}
