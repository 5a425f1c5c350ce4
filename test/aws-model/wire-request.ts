import type { WireRequest } from "../support/recording-proxy.ts";
import type { AwsRequest } from "./model-problems.ts";

/** The services whose requests are JSON under the name of a call. */
const TARGETS: Readonly<Record<string, string>> = {
  AmazonSQS: "sqs",
  AWSEvents: "events",
  DynamoDB_20120810: "dynamodb",
};
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const MAPPINGS = /^\/2015-03-31\/event-source-mappings\/?([^/]*)$/;

/** A request of a kind that nobody has looked up. */
export class WireRequestUnknown extends Error {
  constructor({ method, url, headers }: WireRequest) {
    super(`No call is known for ${method} ${url.pathname} ${headers["x-amz-target"] ?? ""}`);
    this.name = new.target.name;
  }
}

/** The call that a request on the wire is. @throws WireRequestUnknown */
export function awsRequestOf(request: WireRequest): AwsRequest {
  const [prefix = "", operation = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
  const service = TARGETS[prefix];
  if (service !== undefined) return { service, operation, input: JSON.parse(request.body) };
  return lambdaRequestOf(request);
}

function lambdaRequestOf(request: WireRequest): AwsRequest {
  const { method, url, headers, body } = request;
  const [, functionName] = INVOCATIONS.exec(url.pathname) ?? [];
  if (method === "POST" && functionName !== undefined) {
    const type = headers["x-amz-invocation-type"];
    const input = { FunctionName: decodeURIComponent(functionName), InvocationType: type, Payload: body };
    return { service: "lambda", operation: "Invoke", input };
  }
  const [, uuid] = MAPPINGS.exec(url.pathname) ?? [];
  if (method === "PUT" && uuid !== undefined && uuid !== "") {
    const input = { UUID: uuid, ...JSON.parse(body) };
    return { service: "lambda", operation: "UpdateEventSourceMapping", input };
  }
  if (method === "GET" && uuid === "") {
    const { MaxItems, ...input } = Object.fromEntries(url.searchParams);
    const paged = MaxItems === undefined ? input : { ...input, MaxItems: Number(MaxItems) };
    return { service: "lambda", operation: "ListEventSourceMappings", input: paged };
  }
  throw new WireRequestUnknown(request);
}
