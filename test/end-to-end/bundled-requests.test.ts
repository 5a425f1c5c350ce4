import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { parseProvider } from "@sluice/core/provider";
import { createScheduler } from "@sluice/core/scheduler";
import { createSchedulerStores } from "@sluice/core/storage";
import { type Cloud, deploy, startCloud } from "@sluice/local/cloud";
import { type ProviderServer, startProviderServer } from "@sluice/local/provider-simulator";
import { parseScenario } from "@sluice/sim/provider-simulator";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type AwsRequest, modelProblems } from "../aws-model/model-problems.ts";
import { awsRequestOf } from "../aws-model/wire-request.ts";
import { type RecordingProxy, startRecordingProxy } from "../support/recording-proxy.ts";

const WAIT = { timeout: 120_000, interval: 100 };
const TEST_MS = 180_000;
const RECORD_COUNT = 60;
const X = 8;
/** A quarter of a minute of outage: the breaker opens, probes, and turns the mappings. */
const CAPACITY = [
  [0, 0],
  [0.25, X],
];

const provider = parseProvider(
  {
    id: "tiny",
    maxConcurrency: X,
    slowAfterMs: 500,
    timeoutMs: 1_000,
    latency: { medianMs: 10, sigma: 0, minMs: 1, maxMs: 100 },
    maxAttempts: 2,
    backOff: { firstMs: 1_000, maxMs: 1_000 },
    breaker: { paceMs: 1_000 },
    worker: { name: "http-json" },
    ventilator: { timeoutMs: 10_000 },
  },
  "in a test",
);

/** What the functions' own clients, bundled as for AWS, have sent. */
const sent: AwsRequest[] = [];
const proxies: RecordingProxy[] = [];
let cloud: Cloud;
let providerServer: ProviderServer;

beforeAll(async () => {
  const latency = { medianMs: 10, sigma: 0, minMs: 1 };
  const scenario = parseScenario(
    { name: "strict", provider: { maxConcurrency: X, capacity: CAPACITY, rejectedRatio: 0.3, latency } },
    "in a test",
  );
  providerServer = await startProviderServer({ scenario, seed: 1, timeZone: provider.timeZone });
  cloud = await startCloud({ valveDelayMs: 0 });
});

afterAll(async () => {
  await cloud.stop(0);
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await providerServer.stop();
});

async function recorded(url: string): Promise<string> {
  const proxy = await startRecordingProxy(url, (request) => sent.push(awsRequestOf(request)));
  proxies.push(proxy);
  return proxy.url;
}

test(
  "whatever bundled functions send is what AWS's own models of its services allow",
  async () => {
    const { sqs, dynamodb, lambda, eventbridge } = cloud.endpoints;
    const { queues, table } = await deploy(cloud, provider, {
      environment: "test",
      wakeEveryMs: 500,
      variables: {
        PROVIDER_BASE_URL: providerServer.url,
        AWS_ENDPOINT_URL_SQS: await recorded(sqs),
        AWS_ENDPOINT_URL_DYNAMODB: await recorded(dynamodb),
        AWS_ENDPOINT_URL_LAMBDA: await recorded(lambda),
        AWS_ENDPOINT_URL_EVENTBRIDGE: await recorded(eventbridge),
      },
    });
    const scheduler = createScheduler(provider, {
      queues,
      ...createSchedulerStores(table, provider.id, systemClock.nowMs),
      clock: systemClock,
      ids: systemIds,
      random: systemRandom,
    });
    await scheduler.enqueue(Array.from({ length: RECORD_COUNT }, (_, index) => `record-${index}`));
    // An event tells that the run has ended, which the waker sees last of all.
    await vi.waitFor(() => expect(calls()).toContain("events PutEvents"), WAIT);
    expect([...new Set(sent.flatMap(modelProblems))]).toEqual([]);
    expect(calls()).toEqual(
      expect.arrayContaining([
        "dynamodb GetItem",
        "dynamodb PutItem",
        "dynamodb UpdateItem",
        "events PutEvents",
        "lambda Invoke",
        "lambda ListEventSourceMappings",
        "lambda UpdateEventSourceMapping",
        "sqs ChangeMessageVisibilityBatch",
        "sqs GetQueueAttributes",
        "sqs SendMessageBatch",
      ]),
    );
  },
  TEST_MS,
);

function calls(): string[] {
  return [...new Set(sent.map(({ service, operation }) => `${service} ${operation}`))].toSorted();
}
