import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { createSqsClientFor, type SqsServer, startSqs } from "@sluice/local/cloud";
import { type FunctionSettings, type LambdaService, startLambdaService } from "@sluice/local/lambda";

/** The embedded Lambda and SQS on free ports, with real AWS clients. */
export interface LambdaHarness {
  readonly service: LambdaService;
  readonly queues: SqsServer;
  readonly client: LambdaClient;
  /** The lines that functions have printed. */
  readonly lines: readonly string[];
  /** Deploys a function whose module has this source; it must export `handler`. */
  deploy(name: string, source: string, settings?: Partial<FunctionSettings>): Promise<void>;
  /** Creates a FIFO queue; a setting that is left out has SQS's default. */
  createQueue(name: string, attributes?: Record<string, string>): Promise<HarnessQueue>;
  /** Invokes through the client and parses the answer. */
  invoke(name: string, event?: unknown): Promise<Reply>;
  /** Sends one message for each body, each in a group of its own. */
  send(queueUrl: string, bodies: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** A queue that exists. */
export interface HarnessQueue {
  readonly url: string;
  readonly arn: string;
}

/** The answer of a function, parsed, and the kind of function error, if any. */
export interface Reply {
  readonly error: string | undefined;
  readonly answer: unknown;
}

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const REGION = "us-east-1";

/** Starts the embedded Lambda, SQS and clients. @param transitionMs of a mapping, asked for at each one's start */
export async function startLambdaHarness(transitionMs: () => number = () => 50): Promise<LambdaHarness> {
  const directory = await mkdtemp(join(tmpdir(), "embedded-lambda-"));
  const queues = await startSqs();
  const sqs = createSqsClientFor(queues.url, REGION);
  const lines: string[] = [];
  const service = await startService(sqs, lines, transitionMs);
  const { endpoint } = service;
  const client = new LambdaClient({ region: REGION, credentials: CREDENTIALS, endpoint, maxAttempts: 1 });
  return {
    service,
    queues,
    client,
    lines,
    deploy: async (name, source, settings = {}) =>
      service.lambda.deploy({ ...(await bundle(directory, name, source)), ...settings }),
    async createQueue(name, attributes = {}) {
      const Attributes = { FifoQueue: "true", ...attributes };
      await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
      return queues.sqs.queues.named(name);
    },
    invoke: (name, event = {}) => invoke(client, name, event),
    send: (queueUrl, bodies) => send(sqs, queueUrl, bodies),
    async stop() {
      await service.stop(5_000);
      client.destroy();
      sqs.destroy();
      await queues.stop();
      await rm(directory, { recursive: true });
    },
  };
}

function startService(sqs: SQSClient, lines: string[], transitionMs: () => number): Promise<LambdaService> {
  return startLambdaService({
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    sqs,
    transitionMs,
    onLog: (_functionName, line) => lines.push(line),
  });
}

async function bundle(directory: string, name: string, source: string): Promise<FunctionSettings> {
  const bundlePath = join(directory, `${name}-${systemIds.next()}.mjs`);
  await writeFile(bundlePath, source);
  return { name, bundlePath, timeoutMs: 10_000, memoryMb: 128, environment: {} };
}

async function invoke(client: LambdaClient, name: string, event: unknown): Promise<Reply> {
  const reply = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
  return { error: reply.FunctionError, answer: JSON.parse(reply.Payload?.transformToString() ?? "") };
}

async function send(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  const entries = bodies.map((body) => ({
    Id: body,
    MessageBody: body,
    MessageGroupId: body,
    MessageDeduplicationId: body,
    MessageAttributes: { run: { DataType: "String", StringValue: "r1" } },
  }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
}
