import { Readable } from "node:stream";
import type { OperatorAccess } from "@sluice/aws/operator-access";
import type { Clock, RunStore } from "@sluice/core/ports";
import { type ByLane, byLane } from "@sluice/core/provider";
import { createMemorySchedulerStores } from "@sluice/core/storage/memory";
import { type BreakerHarness, createBreakerHarness } from "@sluice/testing/breaker-harness";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { createScriptedDeployment } from "@sluice/testing/scripted-deployment";
import { CommanderError } from "commander";
import type { Connection, Place } from "../connect/connection.ts";
import { sluice } from "../program.ts";
import type { Surroundings } from "../surroundings.ts";

/** A provider in memory, and an operator who types commands about it. */
export interface Desk {
  readonly harness: BreakerHarness;
  readonly access: OperatorAccess;
  readonly runs: RunStore;
  readonly lanes: ByLane<MemoryQueue>;
  readonly deadLetters: MemoryQueue;
  /** Runs a command line. */
  type(args: string, options?: TypeOptions): Promise<Typed>;
}

/** Choices of one command. */
export interface TypeOptions {
  /** The output is a terminal, and so is the input, with these answers; left out: a pipe. */
  readonly answers?: readonly string[];
  readonly place?: Partial<Place>;
  readonly interrupt?: AbortSignal;
  readonly variables?: Surroundings["variables"];
  readonly platform?: Surroundings["platform"];
  readonly columns?: number;
  /** Lines of the standard input, besides answers. */
  readonly input?: readonly string[];
  /** Called with all that is written, as it is. */
  onWritten?(text: string): void;
  /** Called with each program that is started. */
  onLaunched?(command: readonly string[]): void;
}

/** All that a command has left. */
export interface Typed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ENVIRONMENT = "localtest";

/** Makes a provider with X = 3, and nothing in its queues. */
export function createDesk(): Desk {
  const harness = createBreakerHarness();
  const process = harness.start();
  const stores = createMemorySchedulerStores();
  const lanes = byLane(() => createMemoryQueue());
  const deadLetters = createMemoryQueue(harness.clock.nowMs);
  const access: OperatorAccess = {
    provider: process.steering.provider,
    // What is watched answers with a promise, and a list is none.
    steering: { ...process.steering, events: harness.events },
    ...stores,
    deployed: createScriptedDeployment(process.steering.provider, ENVIRONMENT, harness.clock),
    queues: async () => ({ lanes, deadLetters }),
    wake: async () => ({ kind: "answered", payload: null }),
  };
  return {
    harness,
    access,
    runs: stores.runs,
    lanes,
    deadLetters,
    type: (line, options = {}) => typeLine(line, connectionOf(access, options), harness.clock, options),
  };
}

/** The words of a line, in which quotes keep some together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare = ""]) => quoted ?? bare);
}

function connectionOf(access: OperatorAccess, { place }: TypeOptions): Connection {
  return {
    ...access,
    place: { kind: "local", environment: ENVIRONMENT, isNamed: false, ...place },
    nameOperator: async () => "anna",
  };
}

/** Runs a command line about a provider that is reached. */
export function typeLine(
  line: string,
  connection: Connection,
  clock: Clock,
  options: TypeOptions = {},
): Promise<Typed> {
  const providers = { connect: async () => connection, listProviders: async () => [connection.provider.id] };
  return typeAmong(providers, line, clock, options);
}

/** Runs a command line where these providers are. */
export async function typeAmong(
  providers: Pick<Surroundings, "connect" | "listProviders">,
  line: string,
  clock: Clock,
  options: TypeOptions = {},
): Promise<Typed> {
  const { answers, interrupt = new AbortController().signal, variables = {}, platform = "linux" } = options;
  const isTerminal = answers !== undefined;
  const left = [...(answers ?? [])];
  const written = { out: "", err: "" };
  const output = (name: "out" | "err") => ({
    isTerminal,
    columns: options.columns ?? (isTerminal ? 120 : Number.POSITIVE_INFINITY),
    write(text: string) {
      written[name] += text;
      options.onWritten?.(text);
    },
  });
  const around: Surroundings = {
    variables,
    platform,
    stdout: output("out"),
    stderr: output("err"),
    stdin: {
      isTerminal,
      stream: () => Readable.from((options.input ?? []).map((line) => `${line}\n`)),
      readLine: async () => left.shift(),
    },
    interrupt,
    clock,
    timeZone: "Europe/Zurich",
    launch: (command) => options.onLaunched?.(command),
    ...providers,
  };
  return { code: await codeOf(sluice(wordsOf(line), around), written), ...written };
}

/** The exit code that main would set, after it has printed what was thrown. */
async function codeOf(running: Promise<number>, written: { err: string }): Promise<number> {
  try {
    return await running;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode;
    if (!(thrown instanceof Error && "code" in thrown)) throw thrown;
    written.err += `${thrown.message}\n`;
    return thrown.code === "unreachable" ? 1 : 2;
  }
}
