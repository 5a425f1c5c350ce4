import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { createLambdaValve } from "@sluice/aws/lambda-valve";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { Unreachable } from "@sluice/core/errors";
import type { Valve, ValveState } from "@sluice/core/ports/valve";
import { createSqsClientFor } from "@sluice/local/cloud/clients";
import { createQueue } from "@sluice/local/cloud/create-queue";
import type { Emulator } from "@sluice/local/cloud/emulator";
import { startSqs } from "@sluice/local/cloud/sqs";
import { type LambdaService, startLambdaService } from "@sluice/local/lambda/lambda-service";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { answerWith, startRawServer } from "../support/raw-server.ts";

const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const FUNCTION = "ventilator";
const SHORT_MS = 20;
/** Longer than any test: what happens during a transition is seen at leisure. */
const ENDLESS_MS = 3_600_000;

const clientFor = (endpoint: string) =>
  new LambdaClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });

describe("a valve on an event source mapping", () => {
  let sqsServer: Emulator;
  let sqs: SQSClient;
  let service: LambdaService;
  let lambda: LambdaClient;
  let transitionMs = SHORT_MS;
  let queueCount = 0;

  beforeAll(async () => {
    sqsServer = await startSqs();
    sqs = createSqsClientFor(sqsServer.url, REGION);
    service = await startLambdaService({
      clock: systemClock,
      random: systemRandom,
      ids: systemIds,
      sqs,
      transitionMs: () => transitionMs,
    });
    // Never called: the queues stay empty.
    const settings = { bundlePath: "/nowhere.mjs", timeoutMs: 1_000, memoryMb: 128, environment: {} };
    service.lambda.deploy({ name: FUNCTION, ...settings });
    lambda = clientFor(service.endpoint);
  });
  afterAll(async () => {
    await service.stop(5_000);
    lambda.destroy();
    sqs.destroy();
    await sqsServer.stop();
  });
  beforeEach(() => {
    transitionMs = SHORT_MS;
  });

  async function createMapping(settings: {
    Enabled: boolean;
    BatchSize?: number;
    ScalingConfig?: { MaximumConcurrency: number };
  }): Promise<{ uuid: string; valve: Valve }> {
    queueCount += 1;
    const plan = { name: `queue-${queueCount}.fifo`, visibilityTimeoutMs: 30_000, retentionMs: 3_600_000 };
    const { arn } = await createQueue(sqs, plan);
    const { UUID: uuid = "" } = await lambda.send(
      new CreateEventSourceMappingCommand({ FunctionName: FUNCTION, EventSourceArn: arn, ...settings }),
    );
    return { uuid, valve: createLambdaValve(lambda, uuid) };
  }

  const reaches = (valve: Valve, state: ValveState) =>
    vi.waitFor(async () => expect((await valve.read()).state).toBe(state));

  test("reads what the mapping was created with", async () => {
    const { valve } = await createMapping({
      Enabled: false,
      BatchSize: 3,
      ScalingConfig: { MaximumConcurrency: 7 },
    });
    expect(await valve.read()).toEqual({
      settings: { isEnabled: false, batchSize: 3, maximumConcurrency: 7 },
      state: "disabled",
      reason: "USER_INITIATED",
    });
  });

  test("a mapping without a maximum runs as many as AWS allows", async () => {
    const { valve } = await createMapping({ Enabled: false });
    expect((await valve.read()).settings).toEqual({
      isEnabled: false,
      batchSize: 10,
      maximumConcurrency: 1_000,
    });
  });

  test("an accepted update takes effect, all of it at once", async () => {
    const { valve } = await createMapping({ Enabled: false, BatchSize: 1 });
    const wanted = { isEnabled: true, batchSize: 5, maximumConcurrency: 20 };
    expect(await valve.update(wanted)).toEqual({ kind: "accepted" });
    await reaches(valve, "enabled");
    expect((await valve.read()).settings).toEqual(wanted);
  });

  test.each([
    ["enabled", { isEnabled: false }, "disabled", { isEnabled: false, batchSize: 4, maximumConcurrency: 9 }],
    ["enabled", { batchSize: 1 }, "enabled", { isEnabled: true, batchSize: 1, maximumConcurrency: 9 }],
    [
      "enabled",
      { maximumConcurrency: 2 },
      "enabled",
      { isEnabled: true, batchSize: 4, maximumConcurrency: 2 },
    ],
    ["disabled", { batchSize: 1 }, "disabled", { isEnabled: false, batchSize: 1, maximumConcurrency: 9 }],
    ["disabled", { isEnabled: true }, "enabled", { isEnabled: true, batchSize: 4, maximumConcurrency: 9 }],
  ] as const)("from %s, an update of %o leaves all else as it was", async (from, change, state, settings) => {
    const { valve } = await createMapping({
      Enabled: from === "enabled",
      BatchSize: 4,
      ScalingConfig: { MaximumConcurrency: 9 },
    });
    await reaches(valve, from);
    expect(await valve.update(change)).toEqual({ kind: "accepted" });
    await reaches(valve, state);
    expect((await valve.read()).settings).toEqual(settings);
  });

  test.each([
    ["disabled", { isEnabled: true }, "enabling", true],
    ["enabled", { isEnabled: false }, "disabling", false],
    ["enabled", { batchSize: 2 }, "updating", true],
  ] as const)(
    "from %s, %o is %s; until it has taken effect, the valve is busy",
    async (from, change, state, isEnabled) => {
      const { valve } = await createMapping({ Enabled: from === "enabled" });
      await reaches(valve, from);
      transitionMs = ENDLESS_MS;
      expect(await valve.update(change)).toEqual({ kind: "accepted" });
      expect(await valve.read()).toMatchObject({ state, settings: { isEnabled } });
      expect(await valve.update({ batchSize: 9 })).toEqual({ kind: "busy" });
      expect((await valve.read()).settings.batchSize).not.toBe(9);
    },
  );

  test("a mapping that is being created is busy, and not open yet", async () => {
    transitionMs = ENDLESS_MS;
    const { valve } = await createMapping({ Enabled: true });
    expect(await valve.read()).toMatchObject({ state: "creating", settings: { isEnabled: false } });
    expect(await valve.update({ isEnabled: false })).toEqual({ kind: "busy" });
  });

  test("a mapping that is being deleted is busy, and no longer open", async () => {
    const { uuid, valve } = await createMapping({ Enabled: true });
    await reaches(valve, "enabled");
    transitionMs = ENDLESS_MS;
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
    expect(await valve.read()).toMatchObject({ state: "deleting", settings: { isEnabled: false } });
    expect(await valve.update({ isEnabled: true })).toEqual({ kind: "busy" });
  });

  test("a busy valve takes updates again when the transition has ended", async () => {
    const { valve } = await createMapping({ Enabled: false });
    await valve.update({ isEnabled: true });
    await vi.waitFor(async () => expect(await valve.update({ batchSize: 3 })).toEqual({ kind: "accepted" }));
    await reaches(valve, "enabled");
    expect((await valve.read()).settings.batchSize).toBe(3);
  });

  test("settings that AWS refuses, and mappings that don't exist, are no matter of waiting", async () => {
    const { valve } = await createMapping({ Enabled: false });
    await expect(valve.update({ batchSize: 11 })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
    await expect(valve.update({ maximumConcurrency: 1 })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
    const missing = createLambdaValve(lambda, "nobody");
    await expect(missing.read()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(missing.update({ batchSize: 1 })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("a control plane that can't answer now", () => {
  test("is throttled when the account's calls are used up, and the caller decides when to try again", async () => {
    const server = await startRawServer(
      answerWith(429, '{"message":"Rate exceeded"}', { "x-amzn-ErrorType": "TooManyRequestsException" }),
    );
    const valve = createLambdaValve(clientFor(server.url), "uuid");
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "throttled" });
    expect(server.paths).toHaveLength(1);
    await expect(valve.read()).rejects.toBeInstanceOf(Unreachable);
    await server.stop();
  });

  test("is unreachable when it fails", async () => {
    const server = await startRawServer(
      answerWith(500, '{"message":"internal"}', { "x-amzn-ErrorType": "ServiceException" }),
    );
    const valve = createLambdaValve(clientFor(server.url), "uuid");
    await expect(valve.read()).rejects.toBeInstanceOf(Unreachable);
    await expect(valve.update({ isEnabled: true })).rejects.toBeInstanceOf(Unreachable);
    await server.stop();
  });

  test("is unreachable when nobody listens", async () => {
    const valve = createLambdaValve(clientFor(await closedPort()), "uuid");
    await expect(valve.read()).rejects.toBeInstanceOf(Unreachable);
    await expect(valve.update({ isEnabled: true })).rejects.toBeInstanceOf(Unreachable);
  });
});
