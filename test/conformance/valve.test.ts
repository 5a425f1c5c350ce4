import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { createLambdaValve, createLambdaValves, type MappingEnds } from "@sluice/aws/lambda-valve";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { Unreachable } from "@sluice/core/errors";
import type { Valve, ValveState } from "@sluice/core/ports";
import { byLaneAsync } from "@sluice/core/provider";
import { createQueue, createSqsClientFor, type Emulator, startSqs } from "@sluice/local/cloud";
import { type LambdaService, startLambdaService } from "@sluice/local/lambda";
import { createVirtualClock } from "@sluice/sim/virtual-time";
import { beyondModel } from "@sluice/testing/check-requests";
import { answerWith, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { pass } from "../support/virtual-sqs.ts";

const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const FUNCTION = "ventilator";
const ENDS = { functionName: FUNCTION, queueArn: `arn:aws:sqs:${REGION}:000000000000:records.fifo` };
const MAPPING_ID = "0f9d8c7b-6a5e-4d3c-8b2a-1f0e9d8c7b6a";
const SHORT_MS = 20;
/** Longer than any test: what happens during a transition is seen at leisure. */
const ENDLESS_MS = 3_600_000;

const clientFor = (endpoint: string) =>
  new LambdaClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });

test("the control plane takes so many requests a second: an update beyond is throttled, a reading unreachable", async () => {
  const clock = createVirtualClock(0);
  const sqsServer = await startSqs();
  const sqs = createSqsClientFor(sqsServer.url, REGION);
  const place = { clock, random: systemRandom, ids: systemIds, sqs };
  const service = await startLambdaService({ ...place, controlPlaneRequestsPerSecond: 3 });
  service.lambda.deploy({
    name: FUNCTION,
    bundlePath: "/nowhere.mjs",
    timeoutMs: 1_000,
    memoryMb: 128,
    environment: {},
  });
  const plan = { name: "limited.fifo", visibilityTimeoutMs: 30_000, retentionMs: 3_600_000 };
  const { arn: queueArn } = await createQueue(sqs, plan);
  const client = clientFor(service.endpoint);
  const mapping = { FunctionName: FUNCTION, EventSourceArn: queueArn, Enabled: false };
  await client.send(new CreateEventSourceMappingCommand(mapping));
  const valve = createLambdaValve(client, { functionName: FUNCTION, queueArn });
  expect(await valve.read()).toMatchObject({ state: "disabled" });
  expect(await valve.update({ batchSize: 2 })).toEqual({ kind: "accepted" });
  expect(await valve.update({ batchSize: 3 })).toEqual({ kind: "throttled" });
  await expect(valve.read()).rejects.toBeInstanceOf(Unreachable);
  await pass(clock, 1_000);
  expect(await valve.read()).toMatchObject({ settings: { batchSize: 2 } });
  await Promise.all([service.stop(0), pass(clock, 1)]);
  client.destroy();
  sqs.destroy();
  await sqsServer.stop();
});

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

  interface Settings {
    readonly Enabled: boolean;
    readonly BatchSize?: number;
    readonly ScalingConfig?: { MaximumConcurrency: number };
  }

  async function createMapping(
    settings: Settings,
  ): Promise<{ uuid: string; valve: Valve; ends: MappingEnds }> {
    const ends = await createEnds();
    return { uuid: await mapBetween(ends, settings), valve: createLambdaValve(lambda, ends), ends };
  }

  async function createEnds(): Promise<MappingEnds> {
    queueCount += 1;
    const plan = { name: `queue-${queueCount}.fifo`, visibilityTimeoutMs: 30_000, retentionMs: 3_600_000 };
    const { arn: queueArn } = await createQueue(sqs, plan);
    return { functionName: FUNCTION, queueArn };
  }

  async function mapBetween({ functionName, queueArn }: MappingEnds, settings: Settings): Promise<string> {
    const ends = { FunctionName: functionName, EventSourceArn: queueArn };
    const { UUID = "" } = await lambda.send(new CreateEventSourceMappingCommand({ ...ends, ...settings }));
    return UUID;
  }

  async function deleteMapping(uuid: string): Promise<void> {
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
    const describeIt = () => lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
    await vi.waitFor(() => expect(describeIt()).rejects.toBeInstanceOf(ResourceNotFoundException));
  }

  const reaches = (valve: Valve, state: ValveState) =>
    vi.waitFor(async () => expect((await valve.read())?.state).toBe(state));

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

  test("a mapping whose maximum was cleared by hand has none", async () => {
    const { uuid, valve } = await createMapping({ Enabled: false, ScalingConfig: { MaximumConcurrency: 7 } });
    const uncapped = { isEnabled: false, batchSize: 10, maximumConcurrency: undefined };
    expect((await valve.read())?.settings).toEqual({ ...uncapped, maximumConcurrency: 7 });
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, ScalingConfig: {} }));
    await reaches(valve, "disabled");
    expect((await valve.read())?.settings).toEqual(uncapped);
    expect(await valve.update({ maximumConcurrency: 3 })).toEqual({ kind: "accepted" });
    await reaches(valve, "disabled");
    expect((await valve.read())?.settings.maximumConcurrency).toBe(3);
  });

  test("an accepted update takes effect, all of it at once", async () => {
    const { valve } = await createMapping({ Enabled: false, BatchSize: 1 });
    const wanted = { isEnabled: true, batchSize: 5, maximumConcurrency: 20 };
    expect(await valve.update(wanted)).toEqual({ kind: "accepted" });
    await reaches(valve, "enabled");
    expect((await valve.read())?.settings).toEqual(wanted);
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
    expect((await valve.read())?.settings).toEqual(settings);
  });

  test.each([
    ["disabled", { isEnabled: true }, "enabling", true],
    ["enabled", { isEnabled: false }, "disabling", false],
    ["enabled", { batchSize: 2 }, "updating", undefined],
    ["disabled", { batchSize: 2 }, "updating", undefined],
  ] as const)(
    "from %s, %o is %s; until it has taken effect, the valve is busy",
    async (from, change, state, isEnabled) => {
      const { valve } = await createMapping({ Enabled: from === "enabled" });
      await reaches(valve, from);
      transitionMs = ENDLESS_MS;
      expect(await valve.update(change)).toEqual({ kind: "accepted" });
      expect(await valve.read()).toMatchObject({ state, settings: { isEnabled } });
      expect(await valve.update({ batchSize: 9 })).toEqual({ kind: "busy" });
      expect((await valve.read())?.settings.batchSize).not.toBe(9);
    },
  );

  test("a mapping that is being created is busy, and AWS doesn't say whether it will be open", async () => {
    transitionMs = ENDLESS_MS;
    const { valve } = await createMapping({ Enabled: true });
    expect(await valve.read()).toMatchObject({ state: "creating", settings: { isEnabled: undefined } });
    expect(await valve.update({ isEnabled: false })).toEqual({ kind: "busy" });
  });

  test("a mapping that is being deleted is busy", async () => {
    const { uuid, valve } = await createMapping({ Enabled: true });
    await reaches(valve, "enabled");
    transitionMs = ENDLESS_MS;
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
    expect(await valve.read()).toMatchObject({ state: "deleting", settings: { isEnabled: undefined } });
    expect(await valve.update({ isEnabled: true })).toEqual({ kind: "busy" });
  });

  test("a busy valve takes updates again when the transition has ended", async () => {
    const { valve } = await createMapping({ Enabled: false });
    await valve.update({ isEnabled: true });
    await vi.waitFor(async () => expect(await valve.update({ batchSize: 3 })).toEqual({ kind: "accepted" }));
    await reaches(valve, "enabled");
    expect((await valve.read())?.settings.batchSize).toBe(3);
  });

  test("settings that AWS refuses are no matter of waiting", async () => {
    const { valve } = await createMapping({ Enabled: false });
    await expect(valve.update({ batchSize: 11 })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
    await expect(beyondModel(() => valve.update({ maximumConcurrency: 1 }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("a queue without a mapping has no valve to turn, until it gets one", async () => {
    const ends = await createEnds();
    const valve = createLambdaValve(lambda, ends);
    expect(await valve.read()).toBeUndefined();
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "missing" });
    await mapBetween(ends, { Enabled: false, BatchSize: 3 });
    expect(await valve.read()).toMatchObject({ settings: { batchSize: 3 } });
  });

  test("the mapping of another queue is another valve", async () => {
    const { valve } = await createMapping({ Enabled: false, BatchSize: 3 });
    const other = await createMapping({ Enabled: false, BatchSize: 4 });
    expect(await other.valve.update({ batchSize: 5 })).toEqual({ kind: "accepted" });
    expect(await valve.read()).toMatchObject({ settings: { batchSize: 3 } });
    expect(await other.valve.read()).toMatchObject({ settings: { batchSize: 5 } });
  });

  test.each<[first: string, use: (valve: Valve) => Promise<unknown>, answer: unknown]>([
    ["read", (valve) => valve.read(), { settings: { batchSize: 9 } }],
    ["updated", (valve) => valve.update({ maximumConcurrency: 5 }), { kind: "accepted" }],
  ])("a mapping that a deploy has replaced is found again when it is %s", async (_, use, answer) => {
    const { uuid, valve, ends } = await createMapping({ Enabled: false, BatchSize: 1 });
    expect(await valve.read()).toMatchObject({ settings: { batchSize: 1 } });
    await deleteMapping(uuid);
    await mapBetween(ends, { Enabled: false, BatchSize: 9 });
    expect(await use(valve)).toMatchObject(Object(answer));
    expect(await valve.read()).toMatchObject({ settings: { batchSize: 9 } });
  });

  test("a mapping that was deleted for good is missing", async () => {
    const { uuid, valve } = await createMapping({ Enabled: false });
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "accepted" });
    await reaches(valve, "disabled");
    await deleteMapping(uuid);
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "missing" });
    expect(await valve.read()).toBeUndefined();
  });
});

describe("the search for a mapping", () => {
  const mapping = (changes: object) => ({
    UUID: MAPPING_ID,
    EventSourceArn: ENDS.queueArn,
    State: "Enabled",
    BatchSize: 1,
    ...changes,
  });

  /** A control plane that answers each request with the next of these. */
  async function startAnswering(bodies: readonly object[]): Promise<RawServer> {
    const rest = [...bodies];
    return startRawServer((response, request) =>
      answerWith(200, JSON.stringify(rest.shift() ?? {}))(response, request),
    );
  }

  test("is one call for each look, among the mappings of the function", async () => {
    const listed = { EventSourceMappings: [mapping({})] };
    const server = await startAnswering([listed, listed]);
    const valve = createLambdaValve(clientFor(server.url), ENDS);
    for (let reads = 0; reads < 2; reads += 1) expect(await valve.read()).toMatchObject({ state: "enabled" });
    expect(server.paths).toHaveLength(2);
    for (const path of server.paths) {
      const { pathname, searchParams } = new URL(path, server.url);
      expect(pathname.replace(/\/$/, "")).toBe("/2015-03-31/event-source-mappings");
      expect(Object.fromEntries(searchParams)).toEqual({ FunctionName: ENDS.functionName });
    }
    await server.stop();
  });

  const QUEUE_ARNS = { records: ENDS.queueArn, express: `${ENDS.queueArn}-express` };
  const bothAs = (State: string) => ({
    EventSourceMappings: [
      mapping({ State }),
      mapping({ State, EventSourceArn: QUEUE_ARNS.express, UUID: "express" }),
    ],
  });

  test("is one call for all lanes that are looked at together", async () => {
    const server = await startAnswering([bothAs("Enabled"), bothAs("Disabled")]);
    const valves = createLambdaValves(clientFor(server.url), FUNCTION, QUEUE_ARNS);
    const readBoth = () => byLaneAsync(async (lane) => (await valves[lane].read())?.state);
    expect(await readBoth()).toEqual({ records: "enabled", express: "enabled" });
    expect(await readBoth()).toEqual({ records: "disabled", express: "disabled" });
    expect(server.paths).toHaveLength(2);
    await server.stop();
  });

  test("that was under way before an update is not taken for one after it", async () => {
    const server = await startAnswering([
      bothAs("Enabled"),
      bothAs("Enabled"),
      mapping({}),
      bothAs("Disabling"),
    ]);
    const valves = createLambdaValves(clientFor(server.url), FUNCTION, QUEUE_ARNS);
    await valves.records.read();
    const early = valves.express.read();
    expect(await valves.records.update({ isEnabled: false })).toEqual({ kind: "accepted" });
    expect(await valves.records.read()).toMatchObject({ state: "disabling" });
    expect(await early).toMatchObject({ state: "enabled" });
    await server.stop();
  });

  test("that fails is another one for whoever asks next", async () => {
    const server = await startAnswering([{ EventSourceMappings: [{}] }, bothAs("Enabled")]);
    const valves = createLambdaValves(clientFor(server.url), FUNCTION, QUEUE_ARNS);
    await expect(byLaneAsync((lane) => valves[lane].read())).rejects.toThrow();
    expect(await valves.records.read()).toMatchObject({ state: "enabled" });
    await server.stop();
  });

  test("is left out by an update after a look: the UUID is known by then", async () => {
    const server = await startAnswering([{ EventSourceMappings: [mapping({})] }, mapping({})]);
    const valve = createLambdaValve(clientFor(server.url), ENDS);
    await valve.read();
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "accepted" });
    expect(server.paths[1]).toBe(`/2015-03-31/event-source-mappings/${MAPPING_ID}`);
    expect(server.paths).toHaveLength(2);
    await server.stop();
  });

  test("goes on to the last page", async () => {
    const pages = [{ EventSourceMappings: [], NextMarker: "more" }, { EventSourceMappings: [mapping({})] }];
    const server = await startAnswering(pages);
    expect(await createLambdaValve(clientFor(server.url), ENDS).read()).toMatchObject({ state: "enabled" });
    await server.stop();
  });

  test("prefers the mapping that stays to the one that it replaces", async () => {
    const old = mapping({ UUID: "old", State: "Deleting" });
    const server = await startAnswering([{ EventSourceMappings: [old, mapping({ UUID: "new" })] }]);
    expect(await createLambdaValve(clientFor(server.url), ENDS).read()).toMatchObject({ state: "enabled" });
    await server.stop();
  });

  test("is not repeated for ever while the list and the mapping disagree", async () => {
    const listed = answerWith(200, JSON.stringify({ EventSourceMappings: [mapping({})] }));
    const gone = answerWith(404, "{}", { "x-amzn-ErrorType": "ResourceNotFoundException" });
    const server = await startRawServer((response, request) =>
      (request.method === "GET" ? listed : gone)(response, request),
    );
    const valve = createLambdaValve(clientFor(server.url), ENDS);
    await valve.read();
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "missing" });
    expect(server.paths).toHaveLength(4);
    await server.stop();
  });

  test("finds nothing where the function is gone as well", async () => {
    const gone = { "x-amzn-ErrorType": "ResourceNotFoundException" };
    const server = await startRawServer(answerWith(404, '{"message":"Function not found"}', gone));
    const valve = createLambdaValve(clientFor(server.url), ENDS);
    expect(await valve.read()).toBeUndefined();
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "missing" });
    await server.stop();
  });
});

describe("a control plane that can't answer now", () => {
  test("is throttled when the account's calls are used up, and the caller decides when to try again", async () => {
    const found = JSON.stringify({
      EventSourceMappings: [
        { UUID: MAPPING_ID, EventSourceArn: ENDS.queueArn, State: "Enabled", BatchSize: 1 },
      ],
    });
    const server = await startRawServer((response, request) =>
      request.method === "GET"
        ? answerWith(200, found)(response, request)
        : answerWith(429, "{}", { "x-amzn-ErrorType": "TooManyRequestsException" })(response, request),
    );
    const valve = createLambdaValve(clientFor(server.url), ENDS);
    expect(await valve.update({ batchSize: 1 })).toEqual({ kind: "throttled" });
    expect(server.paths).toHaveLength(2);
    await server.stop();
  });

  test("is unreachable when it does not even say how things are", async () => {
    const server = await startRawServer(
      answerWith(429, "{}", { "x-amzn-ErrorType": "TooManyRequestsException" }),
    );
    await expect(createLambdaValve(clientFor(server.url), ENDS).read()).rejects.toBeInstanceOf(Unreachable);
    await server.stop();
  });

  test("is unreachable when it fails", async () => {
    const server = await startRawServer(
      answerWith(500, '{"message":"internal"}', { "x-amzn-ErrorType": "ServiceException" }),
    );
    const valve = createLambdaValve(clientFor(server.url), ENDS);
    await expect(valve.read()).rejects.toBeInstanceOf(Unreachable);
    await expect(valve.update({ isEnabled: true })).rejects.toBeInstanceOf(Unreachable);
    await server.stop();
  });

  test("is unreachable when nobody listens", async () => {
    const valve = createLambdaValve(clientFor(await closedPort()), ENDS);
    await expect(valve.read()).rejects.toBeInstanceOf(Unreachable);
    await expect(valve.update({ isEnabled: true })).rejects.toBeInstanceOf(Unreachable);
  });
});
