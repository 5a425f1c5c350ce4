import { type BreakerHarness, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { createScriptedDeployment, TOPIC_ARN } from "@sluice/testing/scripted-deployment";
import { beforeEach, describe, expect, test } from "vitest";
import { concurrencyNeedOf } from "../deployment/concurrency-budget.ts";
import { Unreachable } from "../errors.ts";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { NO_EVIDENCE } from "../law/evidence.ts";
import { hold } from "../operator/hold.ts";
import type { DeploymentReader, Reading } from "../ports/deployment-reader.ts";
import type { Provider } from "../provider/provider.ts";
import { createMemorySchedulerStores } from "../storage/memory.ts";
import type { DoctorDeps } from "./doctor-deps.ts";
import { examine } from "./examine.ts";
import { CHECK_NAMES, type CheckName, type Finding } from "./finding.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let harness: BreakerHarness;
let deps: DoctorDeps & { deployed: DeploymentReader };
let stores: ReturnType<typeof createMemorySchedulerStores>;
let deadLetters: MemoryQueue;
beforeEach(async () => {
  harness = createBreakerHarness();
  const { steering } = harness.start();
  stores = createMemorySchedulerStores();
  deadLetters = createMemoryQueue(harness.clock.nowMs);
  const { provider, clock } = steering;
  deps = {
    ...steering,
    ...stores,
    place: { kind: "aws", environment: "staging" },
    deployed: createScriptedDeployment(provider, "staging", clock),
    random: { next: () => 0.5 },
    openDeadLetters: async () => deadLetters,
  };
  await stores.history.putContract(provider);
  await wake();
});

/** A round of the waker, which keeps what it sees. */
async function wake(): Promise<void> {
  const none = { visibleCount: 0, inFlightCount: 0 };
  await stores.history.append({
    atMs: harness.clock.nowMs(),
    phase: "closed",
    limit: 3,
    maxConcurrency: 3,
    inFlightCount: 0,
    queued: { records: none, express: none },
    deadLetterCount: 0,
    outcomes: outcomeTotalsOf(NO_EVIDENCE),
  });
}

/** Puts answers of the deployment in place of those that are good. */
function answer(changes: Partial<DeploymentReader>): void {
  deps.deployed = { ...deps.deployed, ...changes };
}

const read = <T>(value: T): Reading<T> => ({ kind: "read", value });
const DENIED: Reading<never> = { kind: "denied", permission: "some:Permission", cause: "AccessDenied: no" };
const GONE: Reading<never> = { kind: "unreachable", cause: "no answer" };

async function findingOf(check: CheckName): Promise<Finding> {
  const { findings } = await examine(deps);
  const finding = findings.find((one) => one.check === check);
  if (finding === undefined) throw new Error(`there is no check ${check}`);
  return finding;
}

/** The bad news of a check, and the command that mends it. */
async function badIn(check: CheckName): Promise<readonly [found: string, mend: string]> {
  const finding = await findingOf(check);
  expect(finding).toMatchObject({ kind: "bad" });
  return finding.kind === "bad" ? [finding.found, finding.mend] : ["", ""];
}

const DEPLOY = "npx sst deploy --stage demo-staging";
const PLACE = "--provider demo --environment staging";

describe("a provider", () => {
  test("that is as it should be is well: each check is good, and says what it read and why", async () => {
    const { isWell, cause, findings } = await examine(deps);
    expect(findings.filter(({ kind }) => kind !== "good")).toEqual([]);
    expect({ isWell, cause }).toEqual({ isWell: true, cause: undefined });
    expect(findings.map(({ check }) => check)).toEqual(CHECK_NAMES);
    for (const { reads, why } of findings) {
      expect(reads.length).toBeGreaterThan(10);
      expect(why.length).toBeGreaterThan(20);
    }
  });

  test("of whose bad news one may be the cause of the rest is told that one first", async () => {
    harness.clock.advance(2 * HOUR_MS);
    answer({ mapping: async () => read(undefined), queue: async () => read(undefined) });
    expect(await examine(deps)).toMatchObject({ isWell: false, cause: "queues" });
  });

  test("of which nothing may be read is no bad news, and each check that is not made says what it lacks", async () => {
    for (const name of Object.keys(deps.deployed)) answer({ [name]: async () => DENIED });
    const { isWell, findings } = await examine(deps);
    expect(isWell).toBe(true);
    const unchecked = findings.filter(({ kind }) => kind === "not-checked");
    expect(unchecked.map(({ check }) => check)).toEqual([
      "queues",
      "permissions",
      "concurrency",
      "mappings",
      "alarms",
      "clock",
    ]);
    for (const finding of unchecked) expect(finding).toMatchObject({ permission: "some:Permission" });
  });

  test("whose services do not answer is no bad news either", async () => {
    for (const name of Object.keys(deps.deployed)) answer({ [name]: async () => GONE });
    const { isWell, findings } = await examine(deps);
    expect(isWell).toBe(true);
    expect(findings.find(({ check }) => check === "clock")).toEqual({
      check: "clock",
      reads: expect.any(String),
      why: expect.any(String),
      kind: "not-checked",
      cause: "no answer",
    });
  });

  test("on this machine has no alarms and no limits, and that is said", async () => {
    deps.deployed = createScriptedDeployment(deps.provider, "localtest", deps.clock);
    const notHere = async () => ({ kind: "not-here" }) as const;
    answer({
      function: notHere,
      deniedActions: notHere,
      concurrency: notHere,
      alarms: notHere,
      configuredProvider: notHere,
    });
    answer({ oldestMessageAgeMs: notHere });
    deps = { ...deps, place: { kind: "local", environment: "localtest" } };
    const { isWell, findings } = await examine(deps);
    expect(isWell).toBe(true);
    expect(findings.filter(({ kind }) => kind === "not-here").map(({ check }) => check)).toEqual([
      "permissions",
      "concurrency",
      "alarms",
    ]);
    expect(findings.filter(({ kind }) => kind === "good")).toHaveLength(CHECK_NAMES.length - 3);
  });

  test.each<[CheckName, () => object, string]>([
    ["contract", () => ({ history: failing(stores.history, "contract") }), "told to fail"],
    ["waker", () => ({ history: failing(stores.history, "latest") }), "told to fail"],
    ["mappings", () => ({ orders: failing(deps.orders, "read") }), "told to fail"],
    ["own-side", () => ({ orders: failing(deps.orders, "read") }), "told to fail"],
    ["holds", () => ({ orders: failing(deps.orders, "read") }), "told to fail"],
    ["dead-letters", () => ({ openDeadLetters: () => fail() }), "told to fail"],
    ["messages", () => ({ runs: failing(stores.runs, "watched") }), "told to fail"],
  ])("whose table does not answer has no %s checked", async (check, changes, cause) => {
    answer({ oldestMessageAgeMs: async () => GONE });
    deps = { ...deps, ...changes() };
    expect(await findingOf(check)).toMatchObject({
      kind: "not-checked",
      cause: expect.stringContaining(cause),
    });
  });

  test("whose table may not be read names the permission that IAM names", async () => {
    const refusal =
      "User: arn:aws:iam::1:user/anna is not authorized to perform: dynamodb:Query on resource: x";
    deps = { ...deps, history: { ...stores.history, latest: () => Promise.reject(new Error(refusal)) } };
    expect(await findingOf("waker")).toMatchObject({ kind: "not-checked", permission: "dynamodb:Query" });
  });
});

function fail(): Promise<never> {
  return Promise.reject(new Unreachable("DynamoDB", "told to fail"));
}

function failing<Port extends object>(port: Port, method: keyof Port): Port {
  return { ...port, [method]: fail };
}

describe("bad news of the queues", () => {
  const change = (role: string, changes: object) => {
    const { queue } = deps.deployed;
    answer({
      async queue(asked) {
        const reading = await queue(asked);
        if (asked !== role || reading.kind !== "read" || reading.value === undefined) return reading;
        return read({ ...reading.value, ...changes });
      },
    });
  };

  test.each([
    ["records", { visibilityTimeoutMs: 30_000 }, /sluice-staging-demo-records.fifo hides a message for 30 s/],
    ["express", { retentionMs: 4 * DAY_MS }, /express.fifo keeps a message for 4 days instead of 14 days/],
    ["dead-letter", { retentionMs: DAY_MS }, /dead-letter.fifo keeps a message for 1 day/],
    ["records", { maxReceiveCount: 3 }, /gives up after 3 receives instead of 1000/],
    ["records", { deadLetterQueue: "other" }, /gives up to other instead of sluice-staging-demo-dead-letter/],
    ["records", { deadLetterQueue: undefined }, /gives up to no queue/],
  ])("of %s is an attribute that is not as planned: %j", async (role, changes, found) => {
    change(role, changes);
    const [text, mend] = await badIn("queues");
    expect(text).toMatch(found);
    expect(mend).toBe(DEPLOY);
  });

  test("is one that is not there", async () => {
    const { queue } = deps.deployed;
    answer({ queue: async (role) => (role === "express" ? read(undefined) : queue(role)) });
    expect(await badIn("queues")).toEqual(["there is no queue sluice-staging-demo-express.fifo", DEPLOY]);
  });
});

describe("bad news of the contract", () => {
  const other = (): Provider => ({ ...deps.provider, maxConcurrency: 20, timeoutMs: 7 });

  test("is that none was stored", async () => {
    deps = { ...deps, history: { ...stores.history, contract: async () => undefined } };
    expect(await badIn("contract")).toEqual([
      "the waker has stored no contract yet",
      "aws logs tail /aws/lambda/sluice-staging-demo-waker --since 30m",
    ]);
  });

  test("is a data file that is not deployed, with what it says", async () => {
    answer({ configuredProvider: async () => read(other()) });
    expect(await badIn("contract")).toEqual(["the data file has maxConcurrency 20, timeoutMs 7", DEPLOY]);
  });

  test("is a function that was deployed with another one", async () => {
    answer({
      function: async (role) => read(role === "waker" ? { provider: { ...other(), quotas: [] } } : {}),
    });
    expect(await badIn("contract")).toEqual([
      "the waker has maxConcurrency 20, quotas [], timeoutMs 7",
      DEPLOY,
    ]);
  });

  test("is a queue whose tags say another X", async () => {
    const { queue } = deps.deployed;
    answer({
      async queue(role) {
        const reading = await queue(role);
        if (reading.kind !== "read" || reading.value === undefined) return reading;
        return read({ ...reading.value, tags: { "sluice:max-concurrency": "9" } });
      },
    });
    expect(await badIn("contract")).toEqual(['the queue\'s tags has maxConcurrency "9"', DEPLOY]);
  });

  test("is no description, and nothing of the worker's own settings", async () => {
    const worker = { ...deps.provider.worker, environment: { PROVIDER_BASE_URL: "https://x" } };
    answer({ configuredProvider: async () => read({ ...deps.provider, description: "other", worker }) });
    expect(await findingOf("contract")).toMatchObject({
      kind: "good",
      found: "X is 3; the same in the ventilator, the waker, the queue's tags, the data file",
    });
  });
});

describe("bad news of the permissions", () => {
  test("is what a function is denied; of each it is asked what that one needs", async () => {
    const asked: string[] = [];
    answer({
      async deniedActions(role, needs) {
        const actions = needs.map(({ actions: some, on }) => `${some.at(-1)} on ${on}`);
        asked.push(`${role}: ${actions.join(", ")}`);
        return read(role === "waker" ? ["sqs:SendMessage"] : []);
      },
    });
    expect(await badIn("permissions")).toEqual(["the waker is denied sqs:SendMessage", DEPLOY]);
    const batch =
      "dynamodb:UpdateItem on table, sqs:GetQueueAttributes on lanes, sqs:SendMessage on dead-letters, lambda:InvokeFunction on worker, lambda:ListEventSourceMappings on everything";
    expect(asked).toEqual([`ventilator: ${batch}`, `waker: ${batch}, sqs:SendMessage on lanes`]);
  });
});

describe("bad news of the concurrency", () => {
  test.each([
    [
      "the worker has less than X",
      { reservedConcurrency: 2 },
      1_000,
      /worker has 2 reserved, and X is 3/,
      DEPLOY,
    ],
    [
      "others leave too little",
      { reservedConcurrency: 3 },
      1,
      /has 1 of 1000 unreserved.* need \d+/,
      /L-B99A9384/,
    ],
    ["nothing is reserved, and little is left", {}, 5, /has 5 of 1000 unreserved/, /L-B99A9384/],
  ])("is that %s", async (_, worker, unreserved, found, mend) => {
    answer({
      function: async () => read(worker),
      concurrency: async () => read({ limit: 1_000, unreserved }),
    });
    const [text, command] = await badIn("concurrency");
    expect(text).toMatch(found);
    expect(command).toMatch(mend);
  });

  test("is not that no more is unreserved than the ventilators need", async () => {
    const need = concurrencyNeedOf(deps.provider);
    const unreserved = need.all - need.reserved;
    answer({ concurrency: async () => read({ limit: 1_000, unreserved }) });
    expect(await findingOf("concurrency")).toMatchObject({ kind: "good" });
    answer({ concurrency: async () => read({ limit: 1_000, unreserved: unreserved - 1 }) });
    expect((await badIn("concurrency"))[0]).toMatch(/need \d+ of them$/);
  });

  test("is that there is no worker", async () => {
    answer({ function: async () => read(undefined) });
    expect(await badIn("concurrency")).toEqual(["there is no worker", DEPLOY]);
  });
});

describe("bad news of the waker", () => {
  test("is that it is silent", async () => {
    harness.clock.advance(5 * MINUTE_MS);
    expect(await findingOf("waker")).toMatchObject({
      kind: "good",
      found: "its last round was 5 minutes ago",
    });
    harness.clock.advance(MINUTE_MS);
    expect(await badIn("waker")).toEqual([
      "its last round was 6 minutes ago",
      "aws logs tail /aws/lambda/sluice-staging-demo-waker --since 30m",
    ]);
  });

  test("is that it never was heard of", async () => {
    deps = { ...deps, history: { ...stores.history, latest: async () => undefined } };
    expect(await badIn("waker")).toEqual(["the waker has kept nothing in the last two days", DEPLOY]);
  });
});

describe("bad news of the mappings", () => {
  const drifted = () => {
    const { mapping } = deps.deployed;
    answer({
      async mapping(lane) {
        const reading = await mapping(lane);
        if (lane === "express" || reading.kind !== "read" || reading.value === undefined) return reading;
        const settings = { ...reading.value.settings, isEnabled: false };
        return read({ ...reading.value, settings, state: "disabled" as const });
      },
    });
  };

  test("is that one is not there", async () => {
    const { mapping } = deps.deployed;
    answer({ mapping: async (lane) => (lane === "records" ? read(undefined) : mapping(lane)) });
    expect(await badIn("mappings")).toEqual(["records has no mapping", DEPLOY]);
  });

  test("is a drift that a round of the waker should have mended", async () => {
    drifted();
    expect(await findingOf("mappings")).toMatchObject({
      kind: "good",
      found: expect.stringMatching(/at it/),
    });
    harness.clock.advance(4 * MINUTE_MS);
    const [found, mend] = await badIn("mappings");
    expect(found).toMatch(/^records is shut instead of \d+ × batches of \d+ for 4 minutes$/);
    expect(mend).toBe("aws logs tail /aws/lambda/sluice-staging-demo-waker --since 30m");
  });

  test("is a drift that the waker knows of, and can't mend", async () => {
    drifted();
    await deps.store.commitValve("records", { wantedSinceMs: harness.clock.nowMs() }, 0);
    harness.clock.advance(10 * MINUTE_MS);
    await wake();
    expect((await badIn("mappings"))[0]).toMatch(/for 10 minutes$/);
  });

  test("is one that is open although the provider is held", async () => {
    await hold({ by: "anna", reason: "maintenance" }, harness.start().steering);
    harness.clock.advance(4 * MINUTE_MS);
    const [found] = await badIn("mappings");
    expect(found).toMatch(/^records is \d+ × batches of \d+ instead of shut for 4 minutes; express is/);
    drifted();
    const { mapping } = deps.deployed;
    answer({ mapping: () => mapping("records") });
    expect(await findingOf("mappings")).toMatchObject({
      kind: "good",
      found: "records: shut; express: shut",
    });
  });

  test("is none while AWS applies a change, nor while a developer is attached", async () => {
    const settings = { isEnabled: undefined, batchSize: 1, maximumConcurrency: 2 };
    const reading = { settings, state: "updating", reason: "" } as const;
    answer({
      mapping: async (lane) => read({ ...reading, to: lane === "records" ? "ventilator" : "relay" } as const),
    });
    expect(await findingOf("mappings")).toMatchObject({
      kind: "good",
      found: "records is updating; express leads to a developer who is attached",
    });
  });
});

describe("bad news of our own side", () => {
  test.each([
    ["workers can't begin", {}, "aws logs tail /aws/lambda/sluice-staging-demo-ventilator --since 30m"],
    ["everything is rejected", { isAllRejected: true }, `npx sluice dead list ${PLACE}`],
  ])("is that %s", async (found, more, mend) => {
    const memory = await harness.store.read();
    const initial = deps.law.initial({} as never, 0);
    const law = {
      ...initial,
      phase: "open",
      reason: "environment",
      probeAtMs: 1,
      isValveKept: false,
      ...more,
    };
    deps = { ...deps, law: { ...deps.law, parse: () => law as never } };
    const counted = { law: {}, counted: NO_EVIDENCE, earlier: NO_EVIDENCE, lookedAtMs: 0 };
    await harness.store.commit(counted, memory?.version ?? 0);
    expect(await badIn("own-side")).toEqual([found, mend]);
  });
});

describe("bad news of the holds", () => {
  test("is one that is older than a day", async () => {
    await hold({ by: "anna", reason: "maintenance", forMs: 3 * DAY_MS }, harness.start().steering);
    harness.clock.advance(DAY_MS - MINUTE_MS);
    expect(await findingOf("holds")).toMatchObject({ kind: "good", found: expect.stringMatching(/by anna/) });
    harness.clock.advance(2 * HOUR_MS);
    expect(await badIn("holds")).toEqual([
      "held 1 day ago by anna, for another 1 day: maintenance",
      `npx sluice resume ${PLACE}`,
    ]);
  });
});

test("a hold that is still to come holds nobody", async () => {
  const fromMs = harness.clock.nowMs() + HOUR_MS;
  await hold({ by: "anna", reason: "maintenance", fromMs }, harness.start().steering);
  expect(await findingOf("holds")).toMatchObject({ kind: "good", found: "nobody holds it" });
});

describe("bad news of messages", () => {
  test("is that SQS is about to delete one", async () => {
    answer({ oldestMessageAgeMs: async (role) => read(role === "express" ? 10 * DAY_MS : HOUR_MS) });
    expect(await badIn("messages")).toEqual([
      "records: the oldest waits for 1 hour; express: the oldest waits for 10 days",
      `npx sluice decisions --since 1d ${PLACE}`,
    ]);
    answer({ oldestMessageAgeMs: async () => read(10 * DAY_MS - 1) });
    expect(await findingOf("messages")).toMatchObject({ kind: "good" });
  });

  test.each<[string, Reading<number | undefined>]>([
    ["may not be read", DENIED],
    ["is not told", read(undefined)],
    ["is told by nobody here", { kind: "not-here" }],
  ])("is a run that began so long ago, where the age %s", async (_, age) => {
    answer({ oldestMessageAgeMs: async () => age });
    const run = { runId: "old", correlationId: "old", lane: "records", isSealed: true } as const;
    const createdAtMs = harness.clock.nowMs();
    await stores.runs.open({ ...run, createdAtMs, plannedCount: 2, digest: "any" });
    await stores.runs.watch("old");
    harness.clock.advance(11 * DAY_MS);
    expect((await badIn("messages"))[0]).toBe("the oldest open run began 11 days ago");
  });

  test("can't be told where the age may not be read and there are many runs", async () => {
    answer({ oldestMessageAgeMs: async () => DENIED });
    for (let at = 0; at < 21; at += 1) await stores.runs.watch(`run ${at}`);
    expect(await findingOf("messages")).toMatchObject({ kind: "not-checked", permission: "some:Permission" });
  });
});

describe("bad news of dead letters", () => {
  test("is that SQS is about to delete one", async () => {
    answer({ oldestMessageAgeMs: async (role) => read(role === "dead-letter" ? 13 * DAY_MS : 0) });
    expect(await badIn("dead-letters")).toEqual([
      "the oldest is 13 days old",
      `npx sluice dead list ${PLACE}`,
    ]);
  });

  test("is told by the letters themselves where their age may not be read; they stay where they are", async () => {
    answer({ oldestMessageAgeMs: async () => DENIED });
    await deadLetters.send([{ groupId: "a", deduplicationId: "a", body: "{}" }]);
    harness.clock.advance(HOUR_MS);
    expect(await findingOf("dead-letters")).toMatchObject({
      kind: "good",
      found: "the oldest is 1 hour old",
    });
    harness.clock.advance(11 * DAY_MS);
    expect((await badIn("dead-letters"))[0]).toBe("the oldest is 11 days old");
    expect(await deadLetters.depth()).toEqual({ visibleCount: 1, inFlightCount: 0 });
  });
});

describe("bad news of the alarms", () => {
  const alarms = async () => {
    const reading = await createScriptedDeployment(deps.provider, "staging", deps.clock).alarms();
    return reading.kind === "read" ? reading.value : [];
  };

  test("is that one is missing", async () => {
    const all = await alarms();
    answer({ alarms: async () => read(all.filter(({ name }) => name !== "WakerSilent")) });
    expect(await badIn("alarms")).toEqual(["there is no alarm WakerSilent", DEPLOY]);
  });

  test("is that one tells nobody", async () => {
    const all = await alarms();
    answer({
      alarms: async () =>
        read(all.map((one) => (one.name === "BreakerOpen" ? { ...one, topicArns: [] } : one))),
    });
    expect(await badIn("alarms")).toEqual(["BreakerOpen tell nobody", DEPLOY]);
  });

  test("is that nobody has subscribed", async () => {
    answer({ subscriberCount: async () => read(0) });
    const [found, mend] = await badIn("alarms");
    expect(found).toMatch(/nobody has subscribed/);
    expect(mend).toBe(
      `aws sns subscribe --topic-arn ${TOPIC_ARN} --protocol email --notification-endpoint <address>`,
    );
  });

  const refusal = '"CloudWatch Alarms does not have authorization to access the SNS topic encryption key."';
  const mute = (name: string) => (name === "WakerSilent" ? [{ topicArn: TOPIC_ARN, cause: refusal }] : []);

  test("is that a topic could not be told, by its policy or its key's", async () => {
    answer({ untold: async (name) => read(mute(name)) });
    expect(await badIn("alarms")).toEqual([
      `WakerSilent could not tell ${TOPIC_ARN}: ${refusal}`,
      "aws cloudwatch set-alarm-state --alarm-name sluice-staging-demo-WakerSilent --state-value ALARM --state-reason test",
    ]);
  });

  test("is that one is raised, also where it can't be told whether a topic could be", async () => {
    const raised = (await alarms()).map((one) => ({ ...one, isRaised: one.name === "DeadLetters" }));
    answer({ untold: async () => DENIED });
    expect(await findingOf("alarms")).toMatchObject({ kind: "not-checked", permission: "some:Permission" });
    answer({ untold: async () => DENIED, alarms: async () => read(raised) });
    expect((await badIn("alarms"))[0]).toBe("raised: DeadLetters");
  });

  test("is that one is raised; another provider's is none of this one's", async () => {
    const all = await alarms();
    const raised = { isRaised: true, topicArns: [TOPIC_ARN] };
    answer({ alarms: async () => read([...all, { name: "two-WakerSilent", ...raised }]) });
    expect(await findingOf("alarms")).toMatchObject({ kind: "good" });
    answer({
      alarms: async () => read(all.map((one) => ({ ...one, ...(one.name === "DeadLetters" && raised) }))),
    });
    expect(await badIn("alarms")).toEqual(["raised: DeadLetters", `npx sluice status ${PLACE}`]);
  });

  test("can't be told where subscriptions may not be read", async () => {
    answer({ subscriberCount: async () => DENIED });
    expect(await findingOf("alarms")).toMatchObject({ kind: "not-checked", permission: "some:Permission" });
  });
});

describe("bad news of the clock", () => {
  const at = (secondMs: number, askedAtMs: number, answeredAtMs: number) =>
    answer({ clock: async () => read({ secondMs, askedAtMs, answeredAtMs }) });

  test("is that it is more than two seconds off", async () => {
    at(10_000, 14_000, 14_100);
    expect(await badIn("clock")).toEqual([
      "this clock is 3 s ahead of the cloud's",
      "sudo timedatectl set-ntp true",
    ]);
    at(10_000, 6_000, 6_100);
    expect((await badIn("clock"))[0]).toBe("this clock is 4 s behind the cloud's");
  });

  test.each([
    ["the same second", 10_000, 10_400, 10_500],
    ["an answer that took long", 10_000, 7_000, 30_000],
    ["two seconds", 10_000, 13_000, 13_100],
  ])("is none of %s", async (_, ...reading) => {
    at(...reading);
    expect(await findingOf("clock")).toMatchObject({ kind: "good" });
  });
});
