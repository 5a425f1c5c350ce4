import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { ServiceModel, Shape } from "./service-model.ts";

/*
 * Writes service-models.json anew, out of the models that AWS publishes with its SDK for Python:
 *   node test/aws-model/extract.ts <folder of botocore>/data
 * Then `npm run format`.
 */

/** The calls that make what a stage consists of, and those of its functions. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ["PutDashboard", "PutMetricAlarm"],
  dynamodb: [
    "BatchGetItem",
    "BatchWriteItem",
    "CreateTable",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "TransactWriteItems",
    "UpdateContinuousBackups",
    "UpdateItem",
    "UpdateTimeToLive",
  ],
  events: ["CreateEventBus", "PutEvents"],
  iam: ["CreatePolicy", "CreateRole", "PutRolePolicy"],
  lambda: [
    "CreateEventSourceMapping",
    "CreateFunction",
    "Invoke",
    "ListEventSourceMappings",
    "PutFunctionConcurrency",
    "PutFunctionEventInvokeConfig",
    "UpdateEventSourceMapping",
  ],
  logs: ["CreateLogGroup", "PutRetentionPolicy"],
  scheduler: ["CreateSchedule"],
  sns: ["CreateTopic"],
  sqs: [
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "CreateQueue",
    "DeleteMessage",
    "DeleteMessageBatch",
    "GetQueueAttributes",
    "ReceiveMessage",
    "SendMessage",
    "SendMessageBatch",
    "SetQueueAttributes",
  ],
};

interface PublishedModel {
  readonly operations: Readonly<Record<string, { readonly input: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, PublishedShape>>;
}

type Ref = { readonly shape: string };
type PublishedShape = Omit<Shape, "members" | "member" | "key" | "value"> & {
  readonly members?: Readonly<Record<string, Ref>>;
  readonly member?: Ref;
  readonly key?: Ref;
  readonly value?: Ref;
};

const [data = ""] = process.argv.slice(2);
const models: Record<string, ServiceModel> = {};
for (const [service, operations] of Object.entries(OPERATIONS)) {
  models[service] = extracted(await readModel(service), operations);
}
const target = fileURLToPath(new URL("service-models.json", import.meta.url));
await writeFile(target, JSON.stringify(models));

/** The latest version of a service's model. */
async function readModel(service: string): Promise<PublishedModel> {
  const version = (await readdir(join(data, service))).sort().at(-1) ?? "";
  const path = join(data, service, version, "service-2.json");
  const text = await readFile(path, "utf8").catch(async () =>
    gunzipSync(await readFile(`${path}.gz`)).toString(),
  );
  return JSON.parse(text);
}

function extracted({ operations, shapes }: PublishedModel, names: readonly string[]): ServiceModel {
  const inputs = Object.fromEntries(names.map((name) => [name, operations[name]?.input.shape ?? ""]));
  const reached: Record<string, Shape> = {};
  const queue = Object.values(inputs);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const shape = shapes[name];
    if (reached[name] !== undefined || shape === undefined) continue;
    const bare = withoutTexts(shape);
    reached[name] = bare;
    queue.push(...partsOf(bare));
  }
  return { inputs, shapes: Object.fromEntries(Object.entries(reached).sort()) };
}

function withoutTexts({ type, required, min, max, pattern, enum: values, ...parts }: PublishedShape): Shape {
  const { members = {}, member, key, value } = parts;
  return {
    type,
    ...(required && { required }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
    ...(values && { enum: values }),
    ...(type === "structure" && {
      members: Object.fromEntries(Object.entries(members).map(([name, { shape }]) => [name, shape])),
    }),
    ...(member && { member: member.shape }),
    ...(key && { key: key.shape }),
    ...(value && { value: value.shape }),
  };
}

function partsOf({ members = {}, member, key, value }: Shape): string[] {
  return [...Object.values(members), member, key, value].filter((name) => name !== undefined);
}
