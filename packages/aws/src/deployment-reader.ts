import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DeploymentReader, QueueRole, Reading } from "@sluice/core/ports";
import { namesOf, type Provider } from "@sluice/core/provider";
import { createAnswerHandler } from "./answer-handler.ts";
import { readAlarms, readOldestMessageAge, readSubscriberCount, readUntoldTopics } from "./read-alarms.ts";
import { readConcurrency, readDeployedProvider, readWorker } from "./read-function.ts";
import { readMapping } from "./read-mapping.ts";
import { readDeniedActions } from "./read-permissions.ts";
import { readClock, readQueue, readQueueArn } from "./read-queue.ts";
import { readingOf } from "./reading.ts";

/** Clients of what only AWS has. */
export interface MonitoringClients {
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
  readonly iam: IAMClient;
}

/** The parts of a reader. */
export interface DeploymentReaderParts {
  readonly environment: string;
  readonly providerId: string;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  /** Absent for a cloud on this machine: it has no alarms, no limits, and contracts that are no data file's. */
  readonly monitoring?: MonitoringClients;
  /** The provider by its data file in that environment; undefined where there are no files. @throws SluiceError */
  readonly configured: () => Promise<Provider | undefined>;
  readonly nowMs: () => number;
}

const NOT_HERE = { kind: "not-here" } as const;

/** Makes the clients of what only AWS has, with this environment's credentials. They open no connection before they are used. */
export function createMonitoringClients(): MonitoringClients {
  const settings = { requestHandler: createAnswerHandler() };
  return {
    cloudWatch: new CloudWatchClient(settings),
    sns: new SNSClient(settings),
    iam: new IAMClient(settings),
  };
}

/** {@link DeploymentReader} on AWS, and on what there is of it on this machine. */
export function createDeploymentReader(parts: DeploymentReaderParts): DeploymentReader {
  const { environment, providerId, sqs, lambda, monitoring, configured, nowMs } = parts;
  const names = namesOf(environment, providerId);
  const queueNamed = (role: QueueRole) =>
    role === "dead-letter" ? names.deadLetterQueue : names.queues[role];
  const onAws = async <T>(read: (clients: MonitoringClients) => Promise<Reading<T>>): Promise<Reading<T>> =>
    monitoring === undefined ? NOT_HERE : read(monitoring);

  return {
    queue: (role) => readQueue(sqs, queueNamed(role)),
    oldestMessageAgeMs: (role) =>
      onAws(({ cloudWatch }) => readOldestMessageAge(cloudWatch, queueNamed(role), nowMs())),
    async mapping(lane) {
      const arn = await readQueueArn(sqs, names.queues[lane]);
      if (arn.kind !== "read") return arn;
      if (arn.value === undefined) return { kind: "read", value: undefined };
      return readMapping(lambda, arn.value, names);
    },
    function: (role) =>
      onAws(() =>
        role === "worker" ? readWorker(lambda, names.worker) : readDeployedProvider(lambda, names[role]),
      ),
    deniedActions: (role, needs) =>
      onAws(({ iam }) => readDeniedActions({ iam, lambda }, names[role], needs, names)),
    concurrency: () => onAws(() => readConcurrency(lambda)),
    alarms: () => onAws(({ cloudWatch }) => readAlarms(cloudWatch, `${names.table}-`)),
    subscriberCount: (topicArn) => onAws(({ sns }) => readSubscriberCount(sns, topicArn)),
    untold: (name) => onAws(({ cloudWatch }) => readUntoldTopics(cloudWatch, `${names.table}-${name}`)),
    clock: () => readClock(sqs, names.deadLetterQueue, nowMs),
    configuredProvider: () => onAws(() => readingOf("", configured)),
  };
}
