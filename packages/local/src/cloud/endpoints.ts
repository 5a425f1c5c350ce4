/** Where the services listen. */
export interface CloudEndpoints {
  readonly sqs: string;
  readonly dynamodb: string;
  readonly lambda: string;
}

/** What a function needs in its environment to reach the same cloud with clients of its own. */
export function endpointVariables({ sqs, dynamodb, lambda }: CloudEndpoints): Record<string, string> {
  return { AWS_ENDPOINT_URL_SQS: sqs, AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_LAMBDA: lambda };
}
