import { beforeAll, describe, expect, test } from "vitest";
import { modelProblems } from "../aws-model/model-problems.ts";
import { HERE, runWith, treeWith } from "./environment-tree.ts";
import { type Resource, runStage, type StageRun } from "./graph.ts";
import { requestsOf } from "./requests/requests-of.ts";
import { textProblems } from "./requests/text-problems.ts";

const PREPARING_MS = 300_000;
const ACCOUNT_ID = "123456789012";
const REGION = "us-east-1";
const topic = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;

/** The longest id and environment that there can be, and every option. */
const LONGEST = {
  id: "provider-with-a-long-id1",
  description: "x".repeat(200),
  maxConcurrency: 1_000,
  slowAfterMs: 4_000,
  timeoutMs: 600_000,
  latency: { medianMs: 800, sigma: 0.8, minMs: 50, maxMs: 600_000 },
  worker: {
    name: "http-json",
    memoryMb: 10_240,
    environment: { PROVIDER_BASE_URL: "https://acme.example" },
    secrets: ["ApiToken"],
  },
};
const ENVIRONMENT = "environment0123456789";
const FULL = {
  accountId: ACCOUNT_ID,
  region: REGION,
  lambda: { concurrency: 5_000 },
  alarms: { topicArn: topic("alarms"), wake: { topicArn: topic("phone") } },
  vpc: { subnetIds: ["subnet-0a1b2c3d"], securityGroupIds: ["sg-0a1b2c3d"] },
  permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT_ID}:policy/boundary`,
  kmsKeyArn: `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  retention: { logDays: 3_653, recoveryDays: 1, keep: true },
};

function problemsOf(resources: readonly Resource[]): string[] {
  const requests = resources.flatMap(requestsOf);
  return [...requests.flatMap(modelProblems), ...textProblems(requests)];
}

describe("AWS's own models of its services have nothing against what a stage would create", () => {
  test.each([
    ["demo", "deploy"],
    ["slowpoke", "deploy"],
    ["demo-anna", "dev"],
    ["demo-dryrun", "deploy"],
  ] as const)(
    "%s, %s",
    async (stage, mode) => {
      const { resources } = await runStage(stage, mode);
      expect(problemsOf(resources)).toEqual([]);
      expect(resources.flatMap(requestsOf).length).toBeGreaterThan(30);
    },
    PREPARING_MS,
  );

  test(
    "what providers share",
    async () => {
      const { resources } = await runWith({ ...HERE, bus: "sluice" }, "fleet-staging");
      expect(problemsOf(resources)).toEqual([]);
      expect(
        resources
          .flatMap(requestsOf)
          .map(({ operation }) => operation)
          .toSorted(),
      ).toEqual(["CreateEventBus", "CreatePolicy", "CreatePolicy", "PutDashboard"]);
    },
    PREPARING_MS,
  );

  test(
    "the longest names and the most that a file can say",
    async () => {
      const tree = await treeWith({ [ENVIRONMENT]: FULL }, { [LONGEST.id]: LONGEST });
      const variables = {
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
        AWS_EC2_METADATA_DISABLED: "true",
        SST_SECRET_ApiToken: "secret",
      };
      const { resources } = await runStage(`${LONGEST.id}-${ENVIRONMENT}`, "deploy", { tree, variables });
      expect(problemsOf(resources)).toEqual([]);
      const operations = new Set(resources.flatMap(requestsOf).map(({ operation }) => operation));
      expect(operations).toContain("PutFunctionConcurrency");
    },
    PREPARING_MS,
  );
});

describe("what they would have against another", () => {
  let run: StageRun;
  beforeAll(async () => {
    run = await runStage("demo");
  }, PREPARING_MS);

  test.each<[name: string, change: Readonly<Record<string, unknown>>, problem: string]>([
    ["RecordsQueue", { visibilityTimeoutSeconds: 43_201 }, "VisibilityTimeout: 43201 is not what SQS takes"],
    ["RecordsQueue", { deduplicationScope: "queue" }, "perMessageGroupId needs DeduplicationScope"],
    [
      "RecordsQueue",
      { kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/1" },
      "a queue has this or Sqs",
    ],
    ["RecordsQueue", { kmsDataKeyReusePeriodSeconds: 59 }, "KmsDataKeyReusePeriodSeconds: 59 is not what"],
    ["RecordsQueue", { colour: "red" }, 'CreateQueue.Attributes: "Colour" is none of'],
    ["RecordsQueue", { name: `${"x".repeat(76)}.fifo` }, "is no name of a queue"],
    ["WorkerFunction", { memorySize: 64 }, "CreateFunction.MemorySize: 64 is below 128"],
    ["WorkerFunction", { timeout: 901 }, "a timeout of 901 s, and Lambda takes 900"],
    ["WorkerFunction", { timeout: 0 }, "CreateFunction.Timeout: 0 is below 1"],
    ["WorkerFunction", { runtime: "nodejs99.x" }, 'CreateFunction.Runtime: "nodejs99.x" is none of'],
    ["WorkerFunction", { role: undefined }, "CreateFunction.Role: missing"],
    ["WorkerFunction", { name: "a b" }, 'CreateFunction.FunctionName: "a b" does not match'],
    ["WorkerFunction", { environment: { variables: { "1X": "" } } }, "the key 1X in CreateFunction"],
    ["RecordsMapping", { scalingConfig: { maximumConcurrency: 1 } }, "MaximumConcurrency: 1 is below 2"],
    ["RecordsMapping", { batchSize: "10" }, 'BatchSize: "10" is no integer'],
    ["WakerScheduleSchedule", { name: "x".repeat(65) }, "is above 64"],
    ["WakerScheduleSchedule", { state: "ON" }, 'CreateSchedule.State: "ON" is none of ENABLED, DISABLED'],
    ["WakerSilentAlarm", { treatMissingData: 7 }, "PutMetricAlarm.TreatMissingData: 7 is no string"],
    ["WakerSilentAlarm", { evaluationPeriods: 0 }, "PutMetricAlarm.EvaluationPeriods: 0 is below 1"],
    ["WakerSilentAlarm", { comparisonOperator: "Less" }, 'ComparisonOperator: "Less" is none of'],
    ["TableTable", { billingMode: "CHEAP" }, 'CreateTable.BillingMode: "CHEAP" is none of'],
    ["TableTable", { pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 36 } }, "36 is above 35"],
    ["WorkerRole", { name: "x".repeat(65) }, "is above 64"],
    ["SchedulerPolicy", { description: "x".repeat(1_001) }, "is above 1000"],
    ["WorkerLogGroup", { name: "a b" }, 'CreateLogGroup.logGroupName: "a b" does not match'],
  ])("%s with %j: %s", (name, change, problem) => {
    const [resource, ...others] = run.resources.filter(
      (one) => one.type.startsWith("aws:") && one.name.startsWith(name) && !one.type.includes("queuePolicy"),
    );
    if (resource === undefined || others.length > 0) throw new Error(`${name}: not one resource`);
    const changed = { ...resource, inputs: { ...resource.inputs, ...change } };
    expect(problemsOf([changed]).join("\n")).toContain(problem);
  });

  test("policies that are too long", () => {
    const long = JSON.stringify({
      Statement: [{ actions: ["sqs:SendMessage"], resources: Array(120).fill("x".repeat(90)) }],
    });
    const policy = run.resources.find(({ name }) => name === "SchedulerPolicy") as Resource;
    const role = run.resources.find(({ name }) => name === "WorkerRole") as Resource;
    expect(problemsOf([{ ...policy, inputs: { ...policy.inputs, policy: long } }]).join()).toMatch(
      /a managed policy of 11\d\d\d characters/,
    );
    const inlinePolicies = [{ name: "inline", policy: long }];
    expect(problemsOf([{ ...role, inputs: { ...role.inputs, inlinePolicies } }]).join()).toMatch(
      /-worker has inline policies of 11\d\d\d characters/,
    );
  });

  test("a type of resource that nobody has looked up", () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "Bucket", inputs: {}, options: {} };
    expect(() => problemsOf([bucket])).toThrow("No request is known for aws:s3/bucket:Bucket");
  });
});
