/** The URLs on which a cloud's services listen. */
export interface CloudEndpoints {
  readonly sqs: string;
  readonly dynamodb: string;
  readonly lambda: string;
}

/** The environment variables with which a function's own AWS clients reach the same cloud. */
export function endpointVariables({ sqs, dynamodb, lambda }: CloudEndpoints): Record<string, string> {
  return { AWS_ENDPOINT_URL_SQS: sqs, AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_LAMBDA: lambda };
}
