import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { type DeploymentPlan, nodeOptionsOf, planOf } from "@sluice/core/deployment";
import type { Provider } from "@sluice/core/provider";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { ROOT } from "./platform.ts";
import { allOf, named } from "./resources.ts";

const providerIds = await listProviderIds();
/** Where SST's platform is not there yet, the first run prepares it. */
const PREPARING_MS = 300_000;
const FUNCTIONS = ["Ventilator", "Worker", "Waker"] as const;

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;

describe.each(providerIds)("the production stage of %s", (providerId) => {
  let run: StageRun;
  let provider: Provider;
  let plan: DeploymentPlan;
  beforeAll(async () => {
    provider = await readProvider(providerId);
    plan = planOf(provider, "production");
    run = await runStage(providerId);
  }, PREPARING_MS);

  test("holds that provider and no other", () => {
    const text = JSON.stringify(run);
    for (const otherId of providerIds.filter((id) => id !== providerId)) {
      expect(text).not.toContain(`sluice-production-${otherId}`);
      expect(text).not.toContain(`"${otherId}"`);
      expect(text).not.toContain(`\\"${otherId}\\"`);
    }
  });

  test("is the same graph each time", async () => {
    expect(sorted(await runStage(providerId, "deploy", { isAnew: true }))).toEqual(sorted(run));
  });

  test("carries what costs are told apart by, and can't be removed by mistake", () => {
    expect(run.settings).toMatchObject({
      removal: "retain",
      protect: true,
      providers: {
        aws: {
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          defaultTags: { tags: { app: "sluice", provider: providerId, environment: "production" } },
        },
      },
    });
  });

  test("has a table with point-in-time recovery and expiry, kept when the stage is removed", () => {
    const [table, ...others] = allOf(run, "dynamodb/table");
    expect(others).toEqual([]);
    expect(table?.inputs).toMatchObject({
      name: plan.names.table,
      hashKey: "pk",
      rangeKey: "sk",
      billingMode: "PAY_PER_REQUEST",
      ttl: { attributeName: "expiresAtSeconds", enabled: true },
      pointInTimeRecovery: { enabled: true },
      // By AWS's own key: one of the account's would be billed by its uses.
      serverSideEncryption: { enabled: false },
      deletionProtectionEnabled: true,
    });
  });

  test("has three FIFO queues under the names that a scheduler derives, kept when the stage is removed", () => {
    const queues = allOf(run, "sqs/queue");
    const { queues: byLane, deadLetterQueue } = plan.names;
    expect(queues.map(({ inputs }) => inputs.name).toSorted()).toEqual(
      [byLane.records, byLane.express, deadLetterQueue].toSorted(),
    );
    for (const { inputs, options } of queues) {
      expect(inputs).toMatchObject({
        fifoQueue: true,
        contentBasedDeduplication: false,
        deduplicationScope: "messageGroup",
        fifoThroughputLimit: "perMessageGroupId",
        messageRetentionSeconds: 14 * 24 * 60 * 60,
        visibilityTimeoutSeconds: provider.queue.visibilityTimeoutMs / 1_000,
        sqsManagedSseEnabled: true,
        delaySeconds: 0,
      });
      expect(options.retainOnDelete).toBe(true);
    }
  });

  test("moves what is received a thousand times to the dead-letter queue, which is FIFO too", () => {
    for (const name of ["RecordsQueueQueue", "ExpressQueueQueue"]) {
      const { redrivePolicy } = named(run, "sqs/queue", name).inputs;
      expect(JSON.parse(String(redrivePolicy))).toEqual({
        deadLetterTargetArn: arn("sqs", plan.names.deadLetterQueue),
        maxReceiveCount: 1_000,
      });
    }
    expect(named(run, "sqs/queue", "DeadLetterQueueQueue").inputs.redrivePolicy).toBeUndefined();
  });

  test("refuses plain HTTP to each queue", () => {
    const policies = allOf(run, "sqs/queuePolicy");
    expect(policies.map(({ inputs }) => inputs.queueUrl).toSorted()).toEqual(
      allOf(run, "sqs/queue")
        .map(({ inputs }) => `https://sqs.us-east-1.amazonaws.com/123456789012/${inputs.name}`)
        .toSorted(),
    );
    for (const { inputs } of policies) {
      expect(JSON.parse(String(inputs.policy)).Statement).toEqual([
        {
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["sqs:*"],
          resources: [arn("sqs", String(inputs.queueUrl).split("/").at(-1) ?? "")],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ]);
    }
  });

  test("maps both queues to the ventilator, from the floor, and never touches what the breaker owns", () => {
    const mappings = allOf(run, "lambda/eventSourceMapping");
    expect(mappings).toHaveLength(2);
    for (const [index, queue] of [plan.names.queues.records, plan.names.queues.express].entries()) {
      expect(mappings[index]).toMatchObject({
        inputs: {
          eventSourceArn: arn("sqs", queue),
          functionName: arn("lambda", `function:${plan.names.ventilator}`),
          functionResponseTypes: ["ReportBatchItemFailures"],
          enabled: true,
          batchSize: 1,
          scalingConfig: { maximumConcurrency: 2 },
          metricsConfig: { metrics: ["EventCount"] },
        },
        options: {
          ignoreChanges: ["enabled", "batchSize", "scalingConfig"],
          deleteBeforeReplace: true,
        },
      });
      expect(mappings[index]?.inputs).not.toHaveProperty("maximumBatchingWindowInSeconds");
    }
  });

  test("hides a message for as long as the function may work on it", () => {
    const functionOf = new Map(
      allOf(run, "lambda/function").map(({ inputs }) => [
        arn("lambda", `function:${inputs.name}`),
        Number(inputs.timeout),
      ]),
    );
    for (const { inputs } of allOf(run, "lambda/eventSourceMapping")) {
      const queue = allOf(run, "sqs/queue").find(
        ({ inputs: { name } }) => arn("sqs", String(name)) === inputs.eventSourceArn,
      );
      const timeoutSeconds = functionOf.get(String(inputs.functionName)) ?? Number.NaN;
      expect(Number(queue?.inputs.visibilityTimeoutSeconds)).toBeGreaterThanOrEqual(timeoutSeconds);
    }
  });

  test.each(FUNCTIONS)(
    "runs the %s on arm64 from a handler that exists, untraced and with logs that end and tell of no routine",
    (name) => {
      const key = name.toLowerCase() as Lowercase<typeof name>;
      const { inputs } = named(run, "lambda/function", `${name}Function`);
      expect(inputs).toMatchObject({
        name: plan.names[key],
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        packageType: "Zip",
        timeout: plan[key].timeoutMs / 1_000,
        memorySize: plan[key].memoryMb,
        description: expect.stringMatching(/\w/),
      });
      expect(inputs.tracingConfig).toBeUndefined();
      expect(inputs.environment).toMatchObject({
        variables: { NODE_OPTIONS: nodeOptionsOf(plan[key].memoryMb) },
      });
      expect(inputs.loggingConfig).toEqual({
        logFormat: "JSON",
        systemLogLevel: "WARN",
        logGroup: expect.stringContaining(plan.names[key]),
      });
      expect(existsSync(join(ROOT, "packages/functions/src", `${plan[key].entry}.ts`))).toBe(true);
      expect(named(run, "cloudwatch/logGroup", `${name}LogGroup`).inputs).toMatchObject({
        name: `/aws/lambda/${plan.names[key]}`,
        retentionInDays: 30,
      });
    },
  );

  test("gives the worker's settings to the worker alone", () => {
    const variablesOf = (name: string) =>
      JSON.stringify(named(run, "lambda/function", `${name}Function`).inputs.environment);
    for (const name of Object.keys(provider.worker.environment)) {
      expect(variablesOf("Worker")).toContain(name);
      for (const other of ["Ventilator", "Waker"]) {
        expect(variablesOf(other)).not.toContain(name);
      }
    }
  });

  test("wakes each minute, and again within the minute if the call can't be handed over, but no round is repeated", () => {
    const [schedule, ...others] = allOf(run, "scheduler/schedule");
    expect(others).toEqual([]);
    expect(schedule?.inputs).toMatchObject({
      name: plan.names.waker,
      scheduleExpression: "rate(1 minute)",
      state: "ENABLED",
      target: {
        arn: arn("lambda", `function:${plan.names.waker}`),
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 },
      },
    });
    expect(allOf(run, "lambda/functionEventInvokeConfig")).toMatchObject([
      { inputs: { functionName: plan.names.waker, maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } },
    ]);
  });

  test("tells where things are", () => {
    expect(run.outputs).toMatchObject({
      table: plan.names.table,
      recordsQueue: expect.stringContaining(plan.names.queues.records),
      schedulerPolicy: expect.stringContaining(plan.names.schedulerPolicy),
    });
  });
});

test("another environment of a provider is another deployment, and leaves nothing behind when it is removed", async () => {
  const run = await runStage("demo-staging");
  expect(run.settings).toMatchObject({ removal: "remove", protect: false });
  const text = JSON.stringify(run);
  expect(text).toContain("sluice-staging-demo-records.fifo");
  expect(text).not.toContain("sluice-production");
  expect(named(run, "dynamodb/table", "TableTable").inputs.deletionProtectionEnabled).toBe(false);
  for (const { options } of allOf(run, "sqs/queue")) expect(options.retainOnDelete).toBe(false);
});

test.each([
  [
    "a stage of no provider",
    "nobody",
    new RegExp(`belongs to no provider.*Providers: ${providerIds.join(", ")}`),
  ],
  ["a stage that only begins like a provider", "demos", /belongs to no provider/],
  ["a second name for production", "demo-production", /same as demo/],
  ["an environment that can't be a name", "demo-Staging", /1 to 21 lower-case letters/],
])("%s is refused before anything is created", async (_what, stage, problem) => {
  const error = await runStage(stage).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.message).toMatch(problem);
  // The stage is read by `app`, which SST calls before it looks at AWS.
  expect(error?.message).toMatch(/at .*app/);
  expect(error?.message).not.toContain("runInPulumiStack");
});

test("a stage that was run leaves no temporary file behind", async () => {
  const temporary = await mkdtemp(join(tmpdir(), "sluice-stage-test-"));
  vi.stubEnv("TMPDIR", temporary);
  await runStage("demo-staging", "deploy", { isAnew: true });
  vi.unstubAllEnvs();
  expect(await readdir(temporary)).toEqual([]);
  await rm(temporary, { recursive: true });
});

test("the program names its imports one by one, and holds no resource itself", async () => {
  const program = await readFile(join(ROOT, "sst.config.ts"), "utf8");
  expect(program).not.toMatch(/new (sst|aws)\./);
  expect(program).not.toMatch(/^import /m);
  expect([...program.matchAll(/import\("\.\/stacks\/[\w-]+\.ts"\)/g)].length).toBeGreaterThan(8);
});

/** Resources come in the order in which their inputs are known, which says nothing. */
function sorted({ settings, resources, outputs }: StageRun) {
  const keyOf = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;
  return { settings, outputs, resources: resources.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b))) };
}
