/** Environment variables with which AWS clients that are made without arguments reach `endpoint` and nothing else. */
export function lambdaVariables(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_LAMBDA: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "",
    // A function's environment may ask for repeats: an invocation must not be repeated all the same.
    AWS_MAX_ATTEMPTS: "5",
  };
}
