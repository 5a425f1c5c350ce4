import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, ListQueueTagsCommand } from "@aws-sdk/client-sqs";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { queuesInOrder } from "@sluice/core/deployment";
import { type Cloud, type Deployment, deploy, startCloud } from "@sluice/local/cloud";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { allOf, named } from "./resources.ts";

const PREPARING_MS = 300_000;

describe.each(await listProviderIds())("%s in AWS and in the embedded cloud", (providerId) => {
  let run: StageRun;
  let cloud: Cloud;
  let deployment: Deployment;
  beforeAll(async () => {
    run = await runStage(providerId);
    cloud = await startCloud();
    deployment = await deploy(cloud, await readProvider(providerId), { environment: "production" });
  }, PREPARING_MS);
  afterAll(() => cloud.stop(0));

  test("has the same queues", async () => {
    for (const plan of queuesInOrder(deployment.plan)) {
      const url = `${new URL("/", deployment.deadLetterQueueUrl).href}000000000000/${plan.name}`;
      const asked = { QueueUrl: url, AttributeNames: ["All" as const] };
      const { Attributes = {} } = await cloud.clients.sqs.send(new GetQueueAttributesCommand(asked));
      const { Tags = {} } = await cloud.clients.sqs.send(new ListQueueTagsCommand({ QueueUrl: url }));
      const inAws = allOf(run, "sqs/queue").find(({ inputs }) => inputs.name === plan.name)?.inputs ?? {};
      const redrive = (text: unknown) => {
        if (text === undefined) return undefined;
        const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(String(text));
        return {
          queue: String(deadLetterTargetArn).split(":").at(-1),
          maxReceiveCount: Number(maxReceiveCount),
        };
      };
      expect({
        FifoQueue: Attributes.FifoQueue === "true",
        deduplicationScope: Attributes.DeduplicationScope,
        fifoThroughputLimit: Attributes.FifoThroughputLimit,
        visibilityTimeoutSeconds: Number(Attributes.VisibilityTimeout),
        messageRetentionSeconds: Number(Attributes.MessageRetentionPeriod),
        redrive: redrive(Attributes.RedrivePolicy),
        tags: Tags,
      }).toEqual({
        FifoQueue: inAws.fifoQueue,
        deduplicationScope: inAws.deduplicationScope,
        fifoThroughputLimit: inAws.fifoThroughputLimit,
        visibilityTimeoutSeconds: inAws.visibilityTimeoutSeconds,
        messageRetentionSeconds: inAws.messageRetentionSeconds,
        redrive: redrive(inAws.redrivePolicy),
        tags: inAws.tags,
      });
    }
  });

  test("has the same table", async () => {
    const { Table } = await cloud.clients.dynamodb.send(
      new DescribeTableCommand({ TableName: deployment.plan.table.name }),
    );
    const { inputs } = named(run, "dynamodb/table", "TableTable");
    expect(Table?.TableName).toBe(inputs.name);
    expect(Table?.KeySchema).toEqual([
      { AttributeName: inputs.hashKey, KeyType: "HASH" },
      { AttributeName: inputs.rangeKey, KeyType: "RANGE" },
    ]);
    expect(
      Table?.AttributeDefinitions?.map(({ AttributeName: name, AttributeType: type }) => ({ name, type })),
    ).toEqual(inputs.attributes);
    expect(Table?.GlobalSecondaryIndexes ?? []).toEqual(inputs.globalSecondaryIndexes);
  });

  test.each(["ventilator", "worker", "waker"] as const)("has the same %s", (name) => {
    const here = cloud.lambdaService.lambda.find(deployment.plan[name].name);
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const { inputs } = named(run, "lambda/function", `${title}Function`);
    expect({ name: here?.name, timeout: (here?.timeoutMs ?? 0) / 1_000, memorySize: here?.memoryMb }).toEqual(
      {
        name: inputs.name,
        timeout: inputs.timeout,
        memorySize: inputs.memorySize,
      },
    );
    // A thread is given its share of memory by other means.
    const { NODE_OPTIONS, ...variables } = (inputs.environment as { variables: Record<string, string> })
      .variables;
    expect(NODE_OPTIONS).toMatch(/^--max-semi-space-size=2 --max-old-space-size=\d+$/);
    expect(withoutPlaces(here?.environment ?? {})).toEqual(withoutPlaces(variables));
  });

  test("has the same mappings, as they are at first", async () => {
    const { EventSourceMappings = [] } = await cloud.clients.lambda.send(
      new ListEventSourceMappingsCommand({}),
    );
    const endOf = (arn: unknown) => String(arn).split(":").at(-1);
    const here = EventSourceMappings.map((mapping) => ({
      queue: endOf(mapping.EventSourceArn),
      target: endOf(mapping.FunctionArn),
      batchSize: mapping.BatchSize,
      maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
      functionResponseTypes: mapping.FunctionResponseTypes,
      isEnabled: mapping.State === "Creating" || mapping.State === "Enabling" || mapping.State === "Enabled",
    }));
    const inAws = allOf(run, "lambda/eventSourceMapping").map(({ inputs }) => ({
      queue: endOf(inputs.eventSourceArn),
      target: endOf(inputs.functionName),
      batchSize: inputs.batchSize,
      maximumConcurrency: (inputs.scalingConfig as { maximumConcurrency: number }).maximumConcurrency,
      functionResponseTypes: inputs.functionResponseTypes,
      isEnabled: inputs.enabled,
    }));
    const byQueue = (one: { queue: string | undefined }, other: { queue: string | undefined }) =>
      String(one.queue).localeCompare(String(other.queue));
    expect(here.toSorted(byQueue)).toEqual(inAws.toSorted(byQueue));
  });

  test("wakes as often", () => {
    expect(deployment.plan.waker.everyMs).toBe(60_000);
    expect(named(run, "scheduler/schedule", "WakerScheduleSchedule").inputs.scheduleExpression).toBe(
      "rate(1 minute)",
    );
  });
});

/** All but what only one of the two needs, and URLs and ARNs, of which the account and the host differ. */
function withoutPlaces(variables: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(variables).filter(([name]) => !/^(SST_|AWS_)/.test(name));
  return Object.fromEntries(
    own.map(([name, value]) => [name, value.replace(/^(http|arn).*[/:](?=sluice-)/, "")]),
  );
}
