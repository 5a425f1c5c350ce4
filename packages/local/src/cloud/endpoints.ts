/** The URLs on which a cloud's services listen. */
export interface CloudEndpoints {
  readonly sqs: string;
  readonly dynamodb: string;
  readonly lambda: string;
  readonly eventbridge: string;
}

/** The environment variables with which a function's own AWS clients reach the same cloud. */
export function endpointVariables(endpoints: CloudEndpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
  };
}
