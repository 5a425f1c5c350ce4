import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  type ListFunctionsCommandOutput,
  ListTagsCommand,
} from "@aws-sdk/client-lambda";
import type { Clock } from "@sluice/core/ports";
import { CallFailed, calling } from "../call-failed.ts";
import { tryUntil, unlessGone, waitUntil } from "../try-until.ts";
import { isTagged } from "./tagged.ts";

const GONE = ["ResourceNotFoundException"];
/** Longer than any change of a mapping was seen to take: a deletion is refused while one lasts. */
const FREE_WITHIN_MS = 180_000;
const GONE_WITHIN_MS = 180_000;

/** The names of functions that runs have made. */
export async function findFunctions(client: LambdaClient, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page: ListFunctionsCommandOutput = await calling(
      "lambda:ListFunctions",
      client.send(new ListFunctionsCommand({ ...(next !== undefined && { Marker: next }) })),
    );
    const named = (page.Functions ?? []).filter(({ FunctionName = "" }) => FunctionName.startsWith(prefix));
    for (const one of named) if (await hasTag(client, one)) found.push(one.FunctionName ?? "");
    next = page.NextMarker;
  } while (next !== undefined && next !== "");
  return found;
}

async function hasTag(client: LambdaClient, { FunctionName, FunctionArn }: FunctionConfiguration) {
  const call = client.send(new ListTagsCommand({ Resource: FunctionArn }));
  const answer = await calling("lambda:ListTags", unlessGone(call, GONE));
  return isTagged(FunctionName ?? "", answer?.Tags);
}

/** Deletes the mappings of a function, waits until they are gone, and deletes the function. */
export async function removeFunction(client: LambdaClient, clock: Clock, name: string): Promise<void> {
  for (const uuid of await mappingsOf(client, name)) {
    const remove = () => client.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
    const whenFree = tryUntil(clock, FREE_WITHIN_MS, remove, isBusy);
    await calling("lambda:DeleteEventSourceMapping", unlessGone(whenFree, GONE));
  }
  const areGone = await waitUntil(
    clock,
    GONE_WITHIN_MS,
    async () => (await mappingsOf(client, name)).length === 0,
  );
  const call = client.send(new DeleteFunctionCommand({ FunctionName: name }));
  await calling("lambda:DeleteFunction", unlessGone(call, GONE));
  if (areGone) return;
  throw new CallFailed(
    "lambda:DeleteEventSourceMapping",
    new Error(`a mapping of ${name} was still there after ${GONE_WITHIN_MS} ms`),
  );
}

async function mappingsOf(client: LambdaClient, functionName: string): Promise<readonly string[]> {
  const call = client.send(new ListEventSourceMappingsCommand({ FunctionName: functionName }));
  const answer = await calling("lambda:ListEventSourceMappings", unlessGone(call, GONE));
  return (answer?.EventSourceMappings ?? []).flatMap(({ UUID }) => UUID ?? []);
}

function isBusy({ name }: Error): boolean {
  return name === "ResourceInUseException" || name === "TooManyRequestsException";
}
