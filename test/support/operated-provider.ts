import { randomUUID } from "node:crypto";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import { SNSClient } from "@aws-sdk/client-sns";
import {
  accessProvider,
  createOperatorClients,
  nameCaller,
  type OperatorAccess,
  type OperatorClients,
} from "@sluice/aws/operator-access";
import { systemClock } from "@sluice/aws/system-clock";
import { ALARM_NAMES, planOf, queuesInOrder } from "@sluice/core/deployment";
import { messageBody } from "@sluice/core/records";
import { type Cloud, createQueue, createTable, startCloud } from "@sluice/local/cloud";
import { demoProvider } from "@sluice/testing/demo-provider";
import { answerWith, startRawServer } from "@sluice/testing/raw-server";
import { silentLog } from "@sluice/testing/silent-log";
import { vi } from "vitest";
import type { Connection } from "../../packages/cli/src/connect/connection.ts";

type MonitoringClients = NonNullable<OperatorClients["monitoring"]>;

/** A provider in the embedded cloud, of which nothing runs but what an operator calls. */
export interface OperatedProvider {
  /** Reaches it anew, as each command does. */
  connect(): Promise<Connection>;
  /** Gives a record of a run up. */
  letDie(recordId: string, runId: string): Promise<void>;
  /** Has the breaker trip. */
  trip(): Promise<void>;
  stop(): Promise<void>;
}

const ENVIRONMENT = "production";
const STS_ANSWER =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  "<Arn>arn:aws:sts::123456789012:assumed-role/ops/anna</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>";
const ALARM_TOPIC = "arn:aws:sns:us-east-1:123456789012:sluice-production-demo-alarms";
/** Faults in a row that trip every law. */
const FAULT_COUNT = 200;

/** Starts a cloud with the table and the queues of demo, which gets a quota, so that it has a row of every kind. */
export async function startOperatedProvider(): Promise<OperatedProvider> {
  const provider = demoProvider({ quotas: [{ requests: 50_000, per: "day" }] });
  const cloud = await startCloud();
  await createProvider(cloud, planOf(provider, ENVIRONMENT));
  const sts = await startRawServer(answerWith(200, STS_ANSWER, { "content-type": "text/xml" }));
  vi.stubEnv("AWS_ENDPOINT_URL_STS", sts.url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const clients = { ...createOperatorClients(cloud.endpoints), monitoring: createScriptedMonitoring() };
  const reach = (): Promise<OperatorAccess> =>
    accessProvider(
      provider.id,
      { environment: ENVIRONMENT, emulator: cloud.endpoints, clients },
      silentLog,
      async () => provider,
    );
  const { history } = await reach();
  await history.putContract(provider);
  return {
    connect: async () => ({
      ...(await reach()),
      place: { kind: "aws", environment: ENVIRONMENT, isNamed: true },
      nameOperator: nameCaller,
    }),
    async letDie(recordId, runId) {
      const { deadLetters } = await (await reach()).queues();
      const message = { version: 1, provider: provider.id, runId, correlationId: runId, recordId } as const;
      const deduplicationId = randomUUID();
      await deadLetters.send([
        { groupId: deduplicationId, deduplicationId, body: messageBody(message), attributes: {} },
      ]);
    },
    async trip() {
      const { steering } = await reach();
      const { epoch } = await steering.items.read(0);
      const evidence = { faultCount: FAULT_COUNT };
      await steering.items.report(0, { epoch, evidence, atMs: systemClock.nowMs() });
      await steering.breaker.look();
    },
    async stop() {
      vi.unstubAllEnvs();
      await sts.stop();
      await cloud.stop(0);
    },
  };
}

/** CloudWatch with the alarms, and SNS with a topic that nobody has subscribed to: no request leaves this process. */
function createScriptedMonitoring(): MonitoringClients {
  const settings = { region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const cloudWatch = new CloudWatchClient(settings);
  const sns = new SNSClient(settings);
  const MetricAlarms = ALARM_NAMES.map((name) => ({
    AlarmName: `sluice-production-demo-${name}`,
    AlarmActions: [ALARM_TOPIC],
  }));
  cloudWatch.middlewareStack.add(() => async () => ({
    response: undefined,
    output: { $metadata: {}, MetricAlarms },
  }));
  sns.middlewareStack.add(() => async () => ({
    response: undefined,
    output: { $metadata: {}, Subscriptions: [] },
  }));
  return { cloudWatch, sns, iam: new IAMClient(settings) };
}

async function createProvider({ clients }: Cloud, plan: ReturnType<typeof planOf>): Promise<void> {
  await createTable(clients.dynamodb, plan.table);
  const arns = new Map<string, string>();
  for (const queue of queuesInOrder(plan)) {
    const deadLetterArn = queue.deadLetterQueue && arns.get(queue.deadLetterQueue);
    const { arn } = await createQueue(clients.sqs, queue, deadLetterArn);
    arns.set(queue.name, arn);
  }
}
