import type { SQSClient } from "@aws-sdk/client-sqs";
import { createVirtualSqs, createVirtualSqsClient, type VirtualSqs } from "@sluice/sim/cloud/sqs";
import {
  createMappings,
  type MappingDescription,
  type MappingInvocation,
  type MappingOutcome,
  type Mappings,
} from "@sluice/sim/event-source-mapping";
import { createVirtualClock, type VirtualClock } from "@sluice/sim/virtual-time";
import { createQueues } from "../aws/queues.ts";
import { createBench } from "../bench/create-bench.ts";
import { CallFailed } from "../call-failed.ts";
import type { Measured, Measurement } from "../measure/measurement.ts";
import type { Account } from "../ports/account.ts";
import type { RecordedInvocation } from "../ports/journal.ts";
import type { MappingCalls, MappingReading } from "../ports/mapping-calls.ts";
import { createLedger } from "../removal/ledger.ts";
import { runNamesOf } from "../run-names.ts";
import { AWS_TIMING, type Timing } from "../timing.ts";

/** The ways of an AWS that is played on virtual time; what is left out is as in Sluice's own model. */
export interface SimulatedWays {
  /** Of the update that begins now. */
  transitionMs(): number;
  /** After the state has told of it. */
  pollersLagMs?(): number;
  /** The growth of a mapping's concurrency. */
  startup?(): readonly { readonly afterSeconds: number; readonly concurrency: number }[];
  /** The recorder's clock less this machine's. */
  readonly clockOffsetMs?: number;
  /** Calls that are otherwise. */
  change?(account: Account): Partial<Account>;
}

/** An account on virtual time, on the very models of the lab. */
export interface SimulatedAccount {
  readonly clock: VirtualClock;
  readonly account: Account;
  readonly sqs: VirtualSqs;
  /** Measures to its end, with the times that AWS would take. */
  measure(measurement: Measurement, timing?: Partial<Timing>): Promise<Measured>;
  /** Lets time pass until this has ended. */
  passing<T>(work: () => Promise<T>): Promise<T>;
}

const PLACE = { region: "us-east-1", accountId: "000000000000" };
const STARTED_AT_MS = Date.UTC(2026, 10, 28);
const CALL_MS = 15;
const RUN = runNamesOf("0a1b2c3d");

/** Starts with nothing made. */
export function openSimulatedAccount(ways: SimulatedWays): SimulatedAccount {
  const clock = createVirtualClock(STARTED_AT_MS);
  const sqs = createVirtualSqs({ clock, ...PLACE, endpoint: "http://sqs.invalid" });
  const recorder = createRecorder(clock, ways);
  const mappings = createMappings({
    clock,
    random: { next: () => 0.5 },
    ids: countingIds(),
    openQueue: async (arn) => sqs.queues.withArn(arn)?.mappingQueue,
    functionTimeoutMs: () => 30_000,
    invoke: (functionName, event) => recorder.handle(functionName, event),
    transitionMs: () => ways.transitionMs(),
    pollersLagMs: () => ways.pollersLagMs?.() ?? 0,
    startup: () => ways.startup?.() ?? [],
    redeliveryRatio: 0,
  });
  const modelled = accountOn(clock, sqs, mappings, recorder);
  const account = { ...modelled, ...ways.change?.(modelled) };
  async function passing<T>(work: () => Promise<T>): Promise<T> {
    const done = work().finally(() => clock.stop());
    await Promise.all([done, clock.run(Number.MAX_SAFE_INTEGER)]);
    return done;
  }
  return {
    clock,
    sqs,
    account,
    passing,
    measure: (measurement, timing) => passing(() => measure(clock, account, measurement, timing)),
  };
}

function accountOn(clock: VirtualClock, sqs: VirtualSqs, mappings: Mappings, recorder: Recorder): Account {
  // The SDK's class has private parts, which no other can have.
  const client = createVirtualSqsClient({ sqs, region: PLACE.region }) as unknown as SQSClient;
  return {
    place: async () => PLACE,
    queues: slowed(clock, createQueues(client, clock, { suffix: RUN.suffix, tags: {} })),
    mappings: slowed(clock, mappingCallsOf(mappings)),
    functions: {
      createRole: async (name) => `arn:aws:iam::${PLACE.accountId}:role/${name}`,
      async create({ name, variables }) {
        recorder.tables.set(name, variables.TABLE ?? "");
        return `arn:aws:lambda:${PLACE.region}:${PLACE.accountId}:function:${name}`;
      },
      invoke: async (_, event) => recorder.answer(event),
      unreservedConcurrency: async () => 1_000,
    },
    journal: {
      create: async (name) => `arn:aws:dynamodb:${PLACE.region}:${PLACE.accountId}:table/${name}`,
      since: async (name, fromMs) =>
        recorder.journal(name).filter(({ startedAtMs }) => startedAtMs >= fromMs),
    },
    remover: { find: async () => [], remove: async () => {} },
  };
}

/** The same calls, each of which takes as long as one of AWS does. */
function slowed<Calls extends object>(clock: VirtualClock, calls: Calls): Calls {
  const entries = Object.entries(calls).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      await clock.sleep(CALL_MS);
      return (call as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(entries) as Calls;
}

function mappingCallsOf(mappings: Mappings): MappingCalls {
  return {
    async create({ queueArn, functionName, ...settings }) {
      const outcome = await mappings.create({
        queueArn,
        functionName,
        settings: { ...settings, reportsBatchItemFailures: true },
      });
      return descriptionIn("lambda:CreateEventSourceMapping", outcome).uuid;
    },
    read: async (uuid) => toReading(descriptionIn("lambda:GetEventSourceMapping", mappings.get(uuid))),
    update: async (uuid, change) =>
      toReading(descriptionIn("lambda:UpdateEventSourceMapping", mappings.update(uuid, change))),
  };
}

function descriptionIn(action: string, outcome: MappingOutcome<MappingDescription>): MappingDescription {
  if (outcome.kind === "done") return outcome.value;
  throw new CallFailed(action, Object.assign(new Error(outcome.message), { name: outcome.error }));
}

function toReading({ state, settings }: MappingDescription): MappingReading {
  return {
    state,
    batchSize: settings.batchSize,
    maximumConcurrency: settings.maximumConcurrency ?? undefined,
  };
}

interface Recorder {
  /** The tables of functions, by their names. */
  readonly tables: Map<string, string>;
  /** The invocations that are in a table. */
  journal(table: string): RecordedInvocation[];
  answer(event: unknown): Promise<unknown>;
  handle(...call: Parameters<Parameters<typeof createMappings>[0]["invoke"]>): Promise<MappingInvocation>;
}

function createRecorder(clock: VirtualClock, { clockOffsetMs = 0 }: SimulatedWays): Recorder {
  const tables = new Map<string, string>();
  const journals = new Map<string, RecordedInvocation[]>();
  const nowMs = () => clock.nowMs() + clockOffsetMs;
  function journal(table: string): RecordedInvocation[] {
    const known = journals.get(table) ?? [];
    journals.set(table, known);
    return known;
  }
  return {
    tables,
    journal,
    async answer(event) {
      await clock.sleep(CALL_MS);
      const answer = { nowMs: nowMs() };
      await clock.sleep(CALL_MS + (event as { readonly holdMs: number }).holdMs);
      return answer;
    },
    async handle(functionName, { Records: records }) {
      const invocations = journal(tables.get(functionName) ?? "");
      const bodies = records.map(({ body }) => JSON.parse(body) as { number: number; holdMs: number });
      const holdMs = Math.max(...bodies.map((body) => body.holdMs));
      const messages = records.map(({ messageId, attributes }, at) => ({
        messageId,
        groupId: attributes.MessageGroupId ?? "",
        number: bodies[at]?.number ?? 0,
        receiveCount: Number(attributes.ApproximateReceiveCount),
      }));
      invocations.push({ id: `call-${invocations.length}`, startedAtMs: nowMs(), holdMs, messages });
      await clock.sleep(holdMs);
      return { kind: "answered", payload: JSON.stringify({ batchItemFailures: [] }) };
    },
  };
}

function measure(
  clock: VirtualClock,
  account: Account,
  measurement: Measurement,
  timing: Partial<Timing> = {},
): Promise<Measured> {
  const bench = createBench({
    account,
    clock,
    ids: countingIds(),
    timing: { ...AWS_TIMING, ...timing },
    names: RUN.bench("load-1"),
    ledger: createLedger(),
    interrupt: new AbortController().signal,
    say: () => {},
  });
  return measurement.run(bench);
}

function countingIds() {
  let count = 0;
  return {
    next() {
      count += 1;
      return `id-${count}`;
    },
  };
}
