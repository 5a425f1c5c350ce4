import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createScratchFolder } from "@sluice/local/scratch";
import type { Resource, StageRun } from "./graph.ts";
import { PLATFORM } from "./platform.ts";

// A child process: runs a bundled program for one stage under Pulumi's mocks, and prints what it would create.
const [bundle = "", project = "", stage = "", dev = ""] = process.argv.slice(2);
const ACCOUNT_ID = "123456789012";
const REGION = "us-east-1";
/** How Pulumi marks what depends on a secret, however remotely. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const USABLE_KEY = {
  keyState: "Enabled",
  keyManager: "CUSTOMER",
  keySpec: "SYMMETRIC_DEFAULT",
  keyUsage: "ENCRYPT_DECRYPT",
};

const pulumi = await import(join(PLATFORM, "node_modules/@pulumi/pulumi/index.js"));
const server = await answerComponents();
const resources = new Map<string, Resource>();
const createdNames: string[] = [];
let outputs: Record<string, unknown> = {};

const { app, program } = await importProgram();
const settings = await app({ stage });
Object.assign(Reflect.get(globalThis, "$app"), { stage, protect: false, removal: "retain", ...settings });
pulumi.runtime.setMocks({ newResource: create, call: look }, settings.name, stage, false);
await pulumi.runtime.runInPulumiStack(async () => {
  pulumi.runtime.registerStackTransformation(noteOptions);
  try {
    outputs = await program();
  } catch (thrown) {
    process.stderr.write(`created before it failed: ${JSON.stringify(createdNames)}\n`);
    throw thrown;
  }
  return outputs;
});
await pulumi.runtime.disconnect();
const run: StageRun = {
  settings,
  resources: [...resources.values()],
  outputs: await resolved(outputs),
  createdNames,
};
process.stdout.write(JSON.stringify(run));
server.close();

/** SST sets these before the program is loaded; what is not known yet is filled in. */
async function importProgram() {
  const work = createScratchFolder().path;
  const paths = { home: work, root: project, work, platform: PLATFORM };
  Object.assign(globalThis, {
    $app: { providers: { aws: {} } },
    $cli: { command: dev === "dev" ? "dev" : "deploy", rpc: "", paths, state: { version: {} } },
    $dev: dev === "dev",
  });
  return import(pathToFileURL(bundle).href);
}

interface Created {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

function entryOf(type: string, name: string): Resource {
  const key = `${type} ${name}`;
  const known = resources.get(key) ?? { type, name, inputs: {}, options: {} };
  resources.set(key, known);
  return known;
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_MARK in value && "value" in value) return withoutMarks(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutMarks(part)]));
}

function create({ type, name, inputs: marked }: Created) {
  const inputs = withoutMarks(marked) as Created["inputs"];
  Object.assign(entryOf(type, name).inputs, inputs);
  createdNames.push(name);
  const id = String(inputs.name ?? inputs.dashboardName ?? name);
  return { id: `${id}-id`, state: { ...inputs, ...identityOf(type, id) } };
}

/** What AWS would say of itself once a resource exists. */
function identityOf(type: string, name: string): Record<string, string> {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
  switch (type) {
    case "aws:sqs/queue:Queue":
      return {
        name,
        arn: arn("sqs", name),
        url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`,
      };
    case "aws:dynamodb/table:Table":
      return { name, arn: arn("dynamodb", `table/${name}`) };
    case "aws:lambda/function:Function":
      return { name, arn: arn("lambda", `function:${name}`) };
    case "aws:iam/role:Role":
      return { name, arn: `arn:aws:iam::${ACCOUNT_ID}:role/${name}` };
    case "aws:iam/policy:Policy":
      return { name, arn: `arn:aws:iam::${ACCOUNT_ID}:policy/${name}` };
    case "aws:lambda/eventSourceMapping:EventSourceMapping":
      return { arn: arn("lambda", `event-source-mapping:${name}`), uuid: name };
    default:
      return { name, arn: arn(type.split(":")[1]?.split("/")[0] ?? "mock", name) };
  }
}

/** What KMS says of a key that is not usable, or that it says nothing, as a test wants it. */
function keyFromVariable(): Readonly<Record<string, unknown>> {
  const { KMS_KEY = "{}" } = process.env;
  if (KMS_KEY === "") throw new Error("AccessDeniedException: not authorized to perform: kms:DescribeKey");
  return JSON.parse(KMS_KEY);
}

function look({ token, inputs }: { token: string; inputs: Record<string, unknown> }) {
  if (token === "aws:iam/getPolicyDocument:getPolicyDocument") {
    return { ...inputs, json: JSON.stringify({ Statement: inputs.statements }) };
  }
  if (token === "aws:cloudwatch/getEventBus:getEventBus" && process.env.EVENT_BUS_IS_MISSING) {
    throw new Error("couldn't find resource");
  }
  if (token === "aws:kms/getKey:getKey") return { ...inputs, ...USABLE_KEY, ...keyFromVariable() };
  const place = { region: REGION, name: REGION, accountId: ACCOUNT_ID, id: REGION };
  return { ...inputs, ...place, partition: "aws", dnsSuffix: "amazonaws.com" };
}

function noteOptions(args: { type: string; name: string; opts: Record<string, unknown> }) {
  const { ignoreChanges, deleteBeforeReplace, retainOnDelete } = args.opts;
  // Outputs may settle later: SST's own transformations add to the same options object after this one.
  Object.assign(entryOf(args.type, args.name).options, {
    ignoreChanges,
    deleteBeforeReplace,
    retainOnDelete,
  });
  return undefined;
}

function resolved(values: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => pulumi.output(values).apply(resolve));
}

/** Plays the part of the SST command that components ask for bundles and for the bootstrap buckets. */
async function answerComponents() {
  const started = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => response.end(JSON.stringify({ result: answerTo(JSON.parse(body).method) })));
  });
  await new Promise<void>((ready) => started.listen(0, "127.0.0.1", ready));
  process.env.SST_SERVER = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  process.env.SST_AWS_REGION = REGION;
  return started;
}

function answerTo(method: string): unknown {
  switch (method) {
    case "Provider.Aws.Bootstrap":
      return { asset: "assets", state: "state", assetEcrRegistryId: "id", assetEcrUrl: "url" };
    case "Provider.Aws.Appsync":
      return { http: "appsync-http", realtime: "appsync-realtime" };
    case "Runtime.Build": {
      const out = createScratchFolder().path;
      writeFileSync(join(out, "bundle.mjs"), "");
      return { handler: "bundle.handler", out, errors: [], warnings: [], sourcemaps: [] };
    }
    default:
      return {};
  }
}
