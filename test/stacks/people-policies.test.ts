import { systemClock } from "@sluice/aws/system-clock";
import { recordRequests, type SentRequest } from "@sluice/testing/record-requests";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verbTree } from "../../packages/cli/src/completion/verb-tree.ts";
import { typeLine } from "../../packages/cli/src/fakes/desk.ts";
import { createProgram } from "../../packages/cli/src/program.ts";
import { type OperatedProvider, startOperatedProvider } from "../support/operated-provider.ts";
import { HERE, runWith } from "./environment-tree.ts";
import { runStage, type StageRun } from "./graph.ts";
import { arn, type IamCall, iamCallOf, keyCallsOf } from "./iam-calls.ts";
import { type CallContext, isAllowed, named, type Statement } from "./resources.ts";

const PREPARING_MS = 300_000;
/** Longest managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_MAX_LENGTH = 6_144;

/** AWS knows no finer resource for these: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ON_EVERYTHING = [
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricStatistics",
  "lambda:GetAccountSettings",
  "lambda:ListEventSourceMappings",
];

/** A command line that somebody with a policy types, and what happens before it. */
interface Scene {
  readonly by: "viewer" | "operator";
  readonly line: string;
  readonly input?: readonly string[];
  before?(provider: OperatedProvider): Promise<void>;
}

const died = (...ids: readonly string[]) => ({
  async before({ letDie }: OperatedProvider) {
    for (const id of ids) await letDie(id, "night");
  },
});
const tripped = { before: ({ trip }: OperatedProvider) => trip() };

/** Each verb, in an order in which each has something to do. */
const SCENES: readonly Scene[] = [
  { by: "operator", line: "enqueue - --run night", input: ["one", "two"] },
  { by: "operator", line: "enqueue - --express", input: ["three"] },
  { by: "viewer", line: "status" },
  { by: "viewer", line: "holds" },
  { by: "viewer", line: "doctor" },
  { by: "viewer", line: "runs list" },
  { by: "viewer", line: "why one" },
  { by: "viewer", line: "runs show night" },
  { by: "viewer", line: "runs show night --lost" },
  { by: "viewer", line: "runs wait night --timeout 1s" },
  { by: "viewer", line: "dead list --letters", ...died("one", "two") },
  { by: "viewer", line: "dead show one" },
  { by: "viewer", line: "dead redrive one --dry-run" },
  { by: "operator", line: "dead redrive one --reason mended --yes" },
  { by: "operator", line: "dead drop --all --reason gone --yes" },
  { by: "viewer", line: "hold --reason theirs --for 10m --dry-run" },
  { by: "operator", line: "hold --reason theirs --for 10m --yes" },
  { by: "operator", line: "resume --yes" },
  { by: "operator", line: "pin 2 --reason less --for 10m --yes" },
  { by: "operator", line: "resume --ends pin --yes" },
  { by: "viewer", line: "probe --dry-run", ...tripped },
  { by: "operator", line: "probe --yes" },
  { by: "operator", line: "force 2 --reason back --for 10m --yes" },
  { by: "operator", line: "resume --ends force --yes" },
  { by: "operator", line: "runs cancel night --reason wrong --yes" },
  { by: "viewer", line: "decisions" },
  { by: "viewer", line: "completion bash" },
];

let fleet: StageRun;
let policies: Readonly<Record<Scene["by"], readonly Statement[]>>;
let played: ReadonlyMap<string, readonly IamCall[]>;
let onPage: Readonly<Record<Scene["by"], readonly IamCall[]>>;
let provider: OperatedProvider;
beforeAll(async () => {
  fleet = await runStage("fleet");
  const statementsIn = (name: string): readonly Statement[] =>
    JSON.parse(String(named(fleet, "iam/policy", name).inputs.policy)).Statement;
  policies = { viewer: statementsIn("ViewerPolicy"), operator: statementsIn("OperatorPolicy") };
  provider = await startOperatedProvider();
  const calls = new Map<string, readonly IamCall[]>();
  for (const scene of SCENES) calls.set(scene.line, await play(scene));
  played = calls;
  onPage = await browse();
}, PREPARING_MS);
afterAll(() => provider.stop());

async function play({ line, input = [], before }: Scene): Promise<readonly IamCall[]> {
  await before?.(provider);
  const { result, requests } = await recordRequests(async () =>
    typeLine(line, await provider.connect(), systemClock, { input }),
  );
  // 1 is bad news of a provider, such as that its waker is silent; all else would mean that the verb did not get far.
  expect([0, 1], `${line}: ${result.err}`).toContain(result.code);
  return callsOf(requests);
}

/** What the page of `console` asks for: as it is looked at, and as its buttons are pressed. */
async function browse(): Promise<typeof onPage> {
  const parts: Record<Scene["by"], readonly IamCall[]> = { viewer: [], operator: [] };
  const closed = new AbortController();
  const asked: Promise<unknown>[] = [];
  async function ask(url: URL, by: Scene["by"], path: string, body?: object): Promise<void> {
    const headers = { "x-sluice-token": url.searchParams.get("token") ?? "" };
    const posted = body && { method: "POST", body: JSON.stringify(body) };
    const from = recorded.length;
    const response = await fetch(new URL(path, url), { headers, ...posted });
    expect([200, 404], `${path}: ${await response.text()}`).toContain(response.status);
    parts[by] = [...parts[by], ...callsOf(recorded.slice(from))];
  }
  async function askAll(url: URL): Promise<void> {
    for (const path of ["/api/fleet", "/api/providers/demo", "/api/providers/demo/runs/night"]) {
      await ask(url, "viewer", path);
    }
    await ask(url, "viewer", "/api/providers/demo/records/one");
    await ask(url, "viewer", "/api/providers/demo/dead");
    await ask(url, "viewer", "/api/providers/demo/doctor");
    const hold = { verb: "hold", reason: "theirs", forMs: 60_000 };
    await ask(url, "operator", "/api/providers/demo/actions", hold);
    closed.abort();
  }
  let recorded: readonly SentRequest[] = [];
  await recordRequests(async (requests) => {
    recorded = requests;
    const onWritten = (text: string) => void asked.push(askAll(new URL(text.trim())));
    return typeLine("console", await provider.connect(), systemClock, {
      interrupt: closed.signal,
      onWritten,
    });
  });
  await Promise.all(asked);
  return parts;
}

function callsOf(requests: readonly SentRequest[]): readonly IamCall[] {
  return requests.flatMap((request) => iamCallOf(request) ?? []);
}

/** The calls that a policy does not allow, in a word each. */
function deniedTo(by: Scene["by"], calls: readonly IamCall[]): readonly string[] {
  return calls
    .filter(({ action, resource, context }) => !isAllowed(policies[by], action, resource, context))
    .map(({ action, resource, context }) => `${action} ${resource} ${JSON.stringify(context)}`);
}

test("a stage of what providers share makes two policies and a dashboard, and tells their names", () => {
  const made = fleet.resources.filter(({ type }) => type.startsWith("aws:")).map(({ name }) => name);
  expect(made.toSorted()).toEqual(["Dashboard", "OperatorPolicy", "ViewerPolicy"]);
  expect(fleet.outputs).toMatchObject({
    environment: expect.stringContaining("production has no environments/production.json"),
    viewerPolicy: expect.stringMatching(/\/sluice-production-fleet-viewer$/),
    operatorPolicy: expect.stringMatching(/\/sluice-production-fleet-operator$/),
    dashboard: "sluice-production-fleet",
  });
  const { tags } = (fleet.settings.providers as { aws: { defaultTags: { tags: object } } }).aws.defaultTags;
  expect(tags).toEqual({ app: "sluice", environment: "production" });
});

test("every verb of the command is played", () => {
  const silent = { write: () => {}, isTerminal: false, columns: 80 };
  const nodes = verbTree(createProgram(() => async () => {}, { stdout: silent, stderr: silent }));
  const verbs = nodes.filter(({ words }) => words.length === 0).map(({ path }) => path);
  expect(verbs.length).toBeGreaterThan(15);
  const isPlayed = (verb: string) =>
    verb === "console" || SCENES.some(({ line }) => line === verb || line.startsWith(`${verb} `));
  expect(verbs.filter((verb) => !isPlayed(verb))).toEqual([]);
});

describe.each(SCENES.filter(({ by }) => by === "viewer"))("$line", ({ line }) => {
  test("is what a viewer, and an operator, may do", () => {
    const calls = played.get(line) ?? [];
    expect(calls.length > 0 || line === "completion bash").toBe(true);
    expect(deniedTo("viewer", calls)).toEqual([]);
    expect(deniedTo("operator", calls)).toEqual([]);
  });
});

describe.each(SCENES.filter(({ by }) => by === "operator"))("$line", ({ line }) => {
  test("is what an operator may do, and no viewer", () => {
    const calls = played.get(line) ?? [];
    expect(deniedTo("operator", calls)).toEqual([]);
    expect(deniedTo("viewer", calls)).not.toEqual([]);
  });
});

test("who only looks at the page needs the viewer's policy, and its buttons the operator's", () => {
  expect(onPage.viewer.length).toBeGreaterThan(10);
  expect(deniedTo("viewer", onPage.viewer)).toEqual([]);
  expect(deniedTo("operator", [...onPage.viewer, ...onPage.operator])).toEqual([]);
  expect(deniedTo("viewer", onPage.operator)).not.toEqual([]);
});

const STEM = "sluice-production-demo";
const row = (partition: string, ...attributes: string[]): CallContext => ({
  "dynamodb:LeadingKeys": [`$sluice#provider_demo${partition}`],
  "dynamodb:Attributes": ["pk", "sk", ...attributes],
});
const TABLE = arn("dynamodb", `table/${STEM}`);

test.each<[what: string, action: string, resource: string, context?: CallContext]>([
  ["delete a queue", "sqs:DeleteQueue", arn("sqs", `${STEM}-records.fifo`)],
  ["purge a queue", "sqs:PurgeQueue", arn("sqs", `${STEM}-dead-letter.fifo`)],
  ["take a record out of its lane", "sqs:ReceiveMessage", arn("sqs", `${STEM}-records.fifo`)],
  ["delete a record from its lane", "sqs:DeleteMessage", arn("sqs", `${STEM}-records.fifo`)],
  ["forge a dead letter", "sqs:SendMessage", arn("sqs", `${STEM}-dead-letter.fifo`)],
  ["scan the table", "dynamodb:Scan", TABLE],
  ["delete the table", "dynamodb:DeleteTable", TABLE],
  ["delete a row", "dynamodb:DeleteItem", TABLE, row("#day_2026-11-28")],
  ["put a permit's row", "dynamodb:PutItem", TABLE, row("#shard_0", "leases")],
  ["take a permit", "dynamodb:UpdateItem", TABLE, row("#shard_0", "leases")],
  ["end a provider's Retry-After", "dynamodb:UpdateItem", TABLE, row("#shard_0", "heldUntilMs")],
  ["refill a quota", "dynamodb:UpdateItem", TABLE, row("", "usedCount")],
  ["call a record fetched", "dynamodb:UpdateItem", TABLE, row("#day_2026-11-28#recordKey_1", "status")],
  [
    "call a record fetched that is named like a run",
    "dynamodb:UpdateItem",
    TABLE,
    row("#day_2026-11-28#recordKey_1#runKey_1", "status"),
  ],
  ["put a record's row", "dynamodb:PutItem", TABLE, row("#day_2026-11-28#recordKey_1", "status")],
  ["change the contract", "dynamodb:UpdateItem", TABLE, row("#list_contract", "json")],
  ["change what the waker saw", "dynamodb:PutItem", TABLE, row("#snapshotDay_2026-11-28", "json")],
  ["read another environment", "dynamodb:GetItem", arn("dynamodb", "table/sluice-staging-demo"), row("")],
  ["read one named alike", "dynamodb:GetItem", arn("dynamodb", "table/sluice-production2-demo"), row("")],
  [
    "hold another environment",
    "dynamodb:UpdateItem",
    arn("dynamodb", "table/sluice-staging-demo"),
    row("", "json"),
  ],
  ["see letters of another", "sqs:ReceiveMessage", arn("sqs", "sluice-staging-demo-dead-letter.fifo")],
  ["call the provider", "lambda:InvokeFunction", arn("lambda", `function:${STEM}-worker`)],
  ["feed the ventilator", "lambda:InvokeFunction", arn("lambda", `function:${STEM}-ventilator`)],
  ["read a worker's secrets", "lambda:GetFunctionConfiguration", arn("lambda", `function:${STEM}-worker`)],
  ["change the waker", "lambda:UpdateFunctionCode", arn("lambda", `function:${STEM}-waker`)],
  ["turn a mapping", "lambda:UpdateEventSourceMapping", arn("lambda", "event-source-mapping:9f3c")],
  [
    "read another alarm's history",
    "cloudwatch:DescribeAlarmHistory",
    arn("cloudwatch", "alarm:sluice-staging-demo-WakerSilent"),
  ],
  [
    "give itself more",
    "iam:CreatePolicyVersion",
    "arn:aws:iam::123456789012:policy/sluice-production-fleet-viewer",
  ],
])("nobody may %s", (_what, action, resource, context) => {
  expect(isAllowed(policies.viewer, action, resource, context)).toBe(false);
  expect(isAllowed(policies.operator, action, resource, context)).toBe(false);
});

test("a viewer writes nothing at all", () => {
  const reading =
    /^(dynamodb:Query|iam:SimulatePrincipalPolicy|\w+:(Get|List|Describe|Receive)\w+|sqs:ChangeMessageVisibility)$/;
  const actions = policies.viewer.flatMap((statement) => statement.actions);
  expect(actions.filter((action) => !reading.test(action))).toEqual([]);
});

test("doctor asks all that it asks on AWS", () => {
  const services = new Set((played.get("doctor") ?? []).map(({ action }) => action.split(":")[0]));
  expect([...services].toSorted()).toEqual(["cloudwatch", "dynamodb", "lambda", "sns", "sqs"]);
});

test("whoever looks may ask what the roles of ventilator and waker are denied, and no other's", () => {
  const maySimulate = (name: string) =>
    isAllowed(policies.viewer, "iam:SimulatePrincipalPolicy", `arn:aws:iam::123456789012:role/${name}`);
  expect([`${STEM}-ventilator`, `${STEM}-waker`, `${STEM}-worker`, "admin"].map(maySimulate)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("whoever looks learns who is told by the topics of the environment's file", async () => {
  const alarms = { topicArn: arn("sns", "alarms"), wake: { topicArn: arn("sns", "phone") } };
  const run = await runWith({ ...HERE, alarms }, "fleet-staging");
  const statements = JSON.parse(String(named(run, "iam/policy", "ViewerPolicy").inputs.policy)).Statement;
  const mayList = (topic: string) => isAllowed(statements, "sns:ListSubscriptionsByTopic", arn("sns", topic));
  expect(["alarms", "phone", "sluice-staging-demo-alarms", "other"].map(mayList)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("where a key of the environment's own encrypts all that, both may use it for exactly what they may do", async () => {
  const key = arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");
  const run = await runWith({ ...HERE, kmsKeyArn: key }, "fleet-staging");
  const deniedBy = (name: string, calls: readonly IamCall[]) => {
    const statements = JSON.parse(String(named(run, "iam/policy", name).inputs.policy)).Statement;
    return calls.filter(({ action, resource, context }) => !isAllowed(statements, action, resource, context));
  };
  const ofKey = (by: Scene["by"]) =>
    SCENES.filter((scene) => scene.by === by)
      .flatMap(({ line }) => played.get(line) ?? [])
      .flatMap((call) => keyCallsOf(call, key));
  expect(new Set(ofKey("viewer").map(({ action }) => action))).toEqual(new Set(["kms:Decrypt"]));
  expect(deniedBy("ViewerPolicy", ofKey("viewer"))).toEqual([]);
  expect(deniedBy("OperatorPolicy", [...ofKey("viewer"), ...ofKey("operator")])).toEqual([]);
  expect(deniedBy("ViewerPolicy", ofKey("operator")).map(({ action }) => action)).toContain(
    "kms:GenerateDataKey",
  );
});

test("both are policies that AWS takes: no action by wildcard, nothing on everything where there is something finer, and short", () => {
  for (const statements of Object.values(policies)) {
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes("*"))).toEqual([]);
    const finer = statements.filter(
      ({ actions }) => !actions.every((action) => ON_EVERYTHING.includes(action)),
    );
    for (const resource of finer.flatMap(({ resources }) => resources)) {
      expect(resource).toMatch(
        /^arn:aws:(cloudwatch|dynamodb|iam|sqs|lambda|sns):(us-east-1)?:123456789012:\S*sluice-production-\*/,
      );
    }
    expect(JSON.stringify({ Version: "2012-10-17", Statement: statements.map(asIam) }).length).toBeLessThan(
      POLICY_MAX_LENGTH,
    );
  }
});

/** A statement in IAM's own form, which is what its length is counted in. */
function asIam({ actions, resources, conditions = [] }: Statement) {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    Condition: Object.fromEntries(
      conditions.map(({ test: is = "", variable, values }) => [is, { [variable]: values }]),
    ),
  };
}
