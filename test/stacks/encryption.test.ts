import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { modelProblems } from "../aws-model/model-problems.ts";
import { HERE, OFFLINE, runWith, treeWith } from "./environment-tree.ts";
import { runStage, type StageRun } from "./graph.ts";
import { ROOT } from "./platform.ts";
import { requestsOf } from "./requests/requests-of.ts";
import { textProblems } from "./requests/text-problems.ts";
import { allOf, isAllowed, named, type Statement, statementsOf } from "./resources.ts";

const PREPARING_MS = 300_000;
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER_KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-999999999999";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const QUEUES = ["DeadLetterQueueQueue", "ExpressQueueQueue", "RecordsQueueQueue"];
const VIA = { sqs: "sqs.us-east-1.amazonaws.com", dynamodb: "dynamodb.us-east-1.amazonaws.com" };

const policyOf = (run: StageRun, name: string): readonly Statement[] =>
  JSON.parse(String(named(run, "iam/policy", name).inputs.policy)).Statement;
const awsOf = ({ resources }: StageRun) =>
  resources.filter(({ type }) => type.startsWith("aws:")).toSorted((a, b) => (a.name < b.name ? -1 : 1));

let withKey: StageRun;
let without: StageRun;
let fleet: StageRun;
let fleetWithout: StageRun;
beforeAll(async () => {
  withKey = await runWith({ ...HERE, kmsKeyArn: KEY });
  without = await runWith(HERE);
  fleet = await runWith({ ...HERE, kmsKeyArn: KEY }, "fleet-staging");
  fleetWithout = await runWith(HERE, "fleet-staging");
}, PREPARING_MS);

describe("with a key of the environment's own", () => {
  test("it encrypts the table", () => {
    const { serverSideEncryption } = named(withKey, "dynamodb/table", "TableTable").inputs;
    expect(serverSideEncryption).toEqual({ enabled: true, kmsKeyArn: KEY });
  });

  test("it encrypts all three queues in SQS's place, by data keys of an hour", () => {
    const queues = allOf(withKey, "sqs/queue");
    expect(queues.map(({ name }) => name).toSorted()).toEqual(QUEUES);
    for (const { inputs } of queues) {
      expect(inputs).toMatchObject({ kmsMasterKeyId: KEY, kmsDataKeyReusePeriodSeconds: 3_600 });
      // SQS takes one of the two only.
      expect(inputs.sqsManagedSseEnabled).toBeUndefined();
    }
  });

  test("it encrypts the stage's own topic, and nothing of a topic that others own", async () => {
    expect(named(withKey, "sns/topic", "AlarmTopic").inputs.kmsMasterKeyId).toBe(KEY);
    const shared = await runWith({ ...HERE, kmsKeyArn: KEY, alarms: { topicArn: TOPIC } });
    expect(allOf(shared, "sns/topic")).toEqual([]);
  });

  test("nothing else is made with it: neither logs, nor variables, nor a bus", async () => {
    const busy = await runWith({ ...HERE, kmsKeyArn: KEY, bus: "sluice" }, "fleet-staging");
    const made = [...awsOf(withKey), ...awsOf(busy)].filter(({ inputs }) =>
      JSON.stringify(inputs).includes(KEY),
    );
    expect(made.map(({ name }) => name).toSorted()).toEqual([
      "AlarmTopic",
      ...QUEUES.slice(0, 2),
      "OperatorPolicy",
      QUEUES[2],
      "SchedulerPolicy",
      "TableTable",
      "VentilatorRole",
      "ViewerPolicy",
      "WakerRole",
    ]);
  });

  test("AWS's models have nothing against what is made with it", () => {
    const requests = [withKey, fleet].flatMap(({ resources }) => resources.flatMap(requestsOf));
    expect([...requests.flatMap(modelProblems), ...textProblems(requests)]).toEqual([]);
  });
});

test("without one nothing of a stage knows of a key, and all else is the same", () => {
  expect(JSON.stringify([awsOf(without), awsOf(fleetWithout)])).not.toMatch(/kms/i);
  const queue = (inputs: Record<string, unknown>) => {
    const { kmsMasterKeyId: _key, kmsDataKeyReusePeriodSeconds: _period, ...rest } = inputs;
    return { ...rest, sqsManagedSseEnabled: true };
  };
  const withoutUse = (text: string) => {
    const document: { Statement: readonly Statement[] } = JSON.parse(text);
    const Statement = document.Statement.filter(({ resources }) => !resources.includes(KEY));
    return JSON.stringify({ ...document, Statement });
  };
  const bare = ({ type, inputs: all, ...rest }: ReturnType<typeof awsOf>[number]) => {
    const { kmsMasterKeyId: _topicKey, ...inputs } = all;
    if (type.startsWith("aws:sqs/queue:")) return { ...rest, type, inputs: queue(all) };
    if (type.startsWith("aws:dynamodb/table:")) {
      return { ...rest, type, inputs: { ...all, serverSideEncryption: { enabled: false } } };
    }
    if (type.startsWith("aws:iam/policy:")) {
      return { ...rest, type, inputs: { ...all, policy: withoutUse(String(all.policy)) } };
    }
    if (type.startsWith("aws:iam/role:") && Array.isArray(all.inlinePolicies)) {
      const inlinePolicies = all.inlinePolicies.map((one) => ({ ...one, policy: withoutUse(one.policy) }));
      return { ...rest, type, inputs: { ...all, inlinePolicies } };
    }
    return { ...rest, type, inputs };
  };
  expect(awsOf(withKey).map(bare)).toEqual(awsOf(without));
  expect(awsOf(fleet).map(bare)).toEqual(awsOf(fleetWithout));
});

/** Who may do what by the key: through a service, at its own key. */
describe("who may use the key", () => {
  let by: Readonly<Record<string, readonly Statement[]>>;
  beforeAll(() => {
    by = {
      ventilator: statementsOf(withKey, "VentilatorRole"),
      waker: statementsOf(withKey, "WakerRole"),
      worker: statementsOf(withKey, "WorkerRole"),
      schedule: statementsOf(withKey, "WakerScheduleRole"),
      scheduler: policyOf(withKey, "SchedulerPolicy"),
      viewer: policyOf(fleet, "ViewerPolicy"),
      operator: policyOf(fleet, "OperatorPolicy"),
    };
  });
  const may = (who: string, action: string, key = KEY, service?: string) =>
    isAllowed(by[who] ?? [], action, key, service === undefined ? {} : { "kms:ViaService": service });

  test.each<[who: string, call: string, action: string, via: keyof typeof VIA]>([
    ["ventilator", "receives, as its mappings do in its name", "kms:Decrypt", "sqs"],
    ["ventilator", "sends a dead letter", "kms:GenerateDataKey", "sqs"],
    ["ventilator", "reads and writes rows", "kms:Decrypt", "dynamodb"],
    ["waker", "receives for a probe", "kms:Decrypt", "sqs"],
    ["waker", "puts a copy in a message's place", "kms:GenerateDataKey", "sqs"],
    ["waker", "reads and writes rows", "kms:Decrypt", "dynamodb"],
    ["scheduler", "sends records", "kms:GenerateDataKey", "sqs"],
    ["scheduler", "sends records, whose new data key is tried", "kms:Decrypt", "sqs"],
    ["scheduler", "keeps its runs", "kms:Decrypt", "dynamodb"],
    ["viewer", "sees dead letters", "kms:Decrypt", "sqs"],
    ["viewer", "sees rows", "kms:Decrypt", "dynamodb"],
    ["operator", "sends a dead letter back", "kms:GenerateDataKey", "sqs"],
    ["operator", "sees dead letters", "kms:Decrypt", "sqs"],
    ["operator", "writes orders", "kms:Decrypt", "dynamodb"],
  ])("the %s: %s", (who, _call, action, via) => {
    expect(may(who, action, KEY, VIA[via])).toBe(true);
    // By itself, for another service, in another region, or with another key: no.
    expect(may(who, action)).toBe(false);
    expect(may(who, action, KEY, "s3.us-east-1.amazonaws.com")).toBe(false);
    expect(may(who, action, KEY, VIA[via].replace("us-east-1", "eu-west-1"))).toBe(false);
    expect(may(who, action, OTHER_KEY, VIA[via])).toBe(false);
  });

  test("a viewer makes no data key, with which it could send", () => {
    expect(may("viewer", "kms:GenerateDataKey", KEY, VIA.sqs)).toBe(false);
  });

  test.each(["worker", "schedule"])(
    "the %s, which touches neither queue nor table, has no use of it",
    (who) => {
      const actions = (by[who] ?? []).flatMap((statement) => statement.actions);
      expect(actions.length).toBeGreaterThan(0);
      expect(actions.filter((action) => action.startsWith("kms:"))).toEqual([]);
    },
  );

  test("nobody may manage it, encrypt by hand, or hand it on", () => {
    for (const who of Object.keys(by)) {
      const actions = (by[who] ?? []).flatMap((statement) => statement.actions);
      const ofKey = actions.filter((action) => action.startsWith("kms:"));
      expect(ofKey.filter((action) => !["kms:Decrypt", "kms:GenerateDataKey"].includes(action))).toEqual([]);
    }
  });

  test("the relay of a developer who is attached receives by it", async () => {
    const tree = await treeWith({ anna: { ...HERE, kmsKeyArn: KEY } });
    const run = await runStage("demo-anna", "dev", { tree, variables: OFFLINE });
    const relay = statementsOf(run, "RelayRole");
    expect(isAllowed(relay, "kms:Decrypt", KEY, { "kms:ViaService": VIA.sqs })).toBe(true);
    expect(isAllowed(relay, "kms:GenerateDataKey", KEY, { "kms:ViaService": VIA.sqs })).toBe(false);
  });
});

describe("a key that can't be used is refused, and nothing is created", () => {
  test.each([
    [{ keyState: "PendingDeletion" }, "kmsKeyArn must be a key that is enabled"],
    [{ keyManager: "AWS" }, "kmsKeyArn must be a key that you manage"],
    [{ keySpec: "RSA_4096" }, "kmsKeyArn must be a key that encrypts symmetrically"],
    [undefined, "allow kms:DescribeKey on it to whoever deploys"],
  ])("%j", async (description, problem) => {
    const variables = { KMS_KEY: description === undefined ? "" : JSON.stringify(description) };
    const refusal = await runWith({ ...HERE, kmsKeyArn: KEY }, "demo-staging", variables).then(
      () => "it was not refused",
      (thrown: Error) => thrown.message,
    );
    expect(refusal).toContain(problem);
    expect(refusal).toMatch(/created before it failed: \["sluice-demo-staging"\]/);
  });
});

test("the requests that the page of costs tells are those of all who may send and receive", async () => {
  const roles = [
    statementsOf(withKey, "VentilatorRole"),
    statementsOf(withKey, "WakerRole"),
    policyOf(withKey, "SchedulerPolicy"),
  ];
  const queues = allOf(withKey, "sqs/queue").map(({ inputs }) => inputs);
  const howMany = (action: string, queue: string) =>
    roles.filter((statements) => isAllowed(statements, action, queue)).length;
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#sqs-estimate-kms-usage-costs
  const anHour = queues
    .map(({ name, kmsDataKeyReusePeriodSeconds }) => {
      const queue = `arn:aws:sqs:us-east-1:123456789012:${name}`;
      const requests = 2 * howMany("sqs:SendMessage", queue) + howMany("sqs:ReceiveMessage", queue);
      return (requests * 3_600) / Number(kmsDataKeyReusePeriodSeconds);
    })
    .reduce((sum, one) => sum + one, 0);
  const aMonth = anHour * 730;
  const text = (await readFile(join(ROOT, "docs/costs.md"), "utf8")).replaceAll(/\s+/g, " ");
  const usd = (requests: number) => ((requests / 10_000) * 0.03).toFixed(2);
  expect(text).toContain(
    `${anHour} an hour, ${aMonth.toLocaleString("en-US")} a month and ${usd(aMonth)} USD for a provider that is busy day and night, ${usd(50 * aMonth)} USD for fifty`,
  );
});

describe("the key's own policy, as docs/key-policy.json has it", () => {
  const place = "eu-central-1:123456789012";
  let statements: readonly (Statement & { readonly principal: string })[];
  let alarms: readonly string[];
  beforeAll(async () => {
    const policy: { readonly Statement: readonly KeyStatement[] } = JSON.parse(
      await readFile(join(ROOT, "docs/key-policy.json"), "utf8"),
    );
    statements = policy.Statement.map(({ Principal, Effect, Action, Resource, Condition = {} }) => ({
      principal: Object.values(Principal).join(),
      effect: Effect,
      actions: Action,
      resources: [Resource],
      conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([variable, value]) => ({ test: operator, variable, values: [value] })),
      ),
    }));
    alarms = allOf(withKey, "cloudwatch/metricAlarm").map(({ inputs }) => String(inputs.name));
  });
  const mayBy = (who: string, action: string, context = {}) =>
    isAllowed(
      statements.filter(({ principal }) => principal === who),
      action,
      KEY,
      context,
    );
  const asAlarm = (name: string, at = place) => ({
    "aws:SourceAccount": at.split(":")[1] ?? "",
    "aws:SourceArn": `arn:aws:cloudwatch:${at}:alarm:${name}`,
  });

  test("lets each alarm of a stage reach the stage's own topic", () => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const name of alarms) {
      expect(mayBy("cloudwatch.amazonaws.com", "kms:Decrypt", asAlarm(name)), name).toBe(true);
      expect(mayBy("cloudwatch.amazonaws.com", "kms:GenerateDataKey", asAlarm(name)), name).toBe(true);
    }
  });

  test("lets CloudWatch use it for no other alarm, no other account, and for nothing else", () => {
    const by = "cloudwatch.amazonaws.com";
    expect(mayBy(by, "kms:Decrypt")).toBe(false);
    expect(mayBy(by, "kms:Decrypt", asAlarm("orders-late"))).toBe(false);
    expect(mayBy(by, "kms:Decrypt", asAlarm(alarms[0] ?? "", "eu-central-1:999999999999"))).toBe(false);
    expect(mayBy(by, "kms:CreateGrant", asAlarm(alarms[0] ?? ""))).toBe(false);
  });

  test("leaves all else to the policies of the account, which are those of the roles", () => {
    expect(statements.map(({ principal }) => principal)).toEqual([
      "arn:aws:iam::123456789012:root",
      "cloudwatch.amazonaws.com",
    ]);
    expect(mayBy("arn:aws:iam::123456789012:root", "kms:Decrypt")).toBe(true);
  });
});

/** A statement of a key's policy, in IAM's own form. */
interface KeyStatement {
  readonly Effect: string;
  readonly Principal: Readonly<Record<string, string>>;
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
