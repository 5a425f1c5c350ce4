import { backToFirst } from "../../bench/back-to-first.ts";
import type { Bench } from "../../bench/bench.ts";
import { warmUp } from "../../bench/warm-up.ts";
import { whenSettled } from "../../bench/when-settled.ts";
import { CallFailed } from "../../call-failed.ts";
import { OutOfTime } from "../../out-of-time.ts";
import type { RecordedInvocation } from "../../ports/journal.ts";
import { sideBySide } from "../../side-by-side.ts";
import type { Measured, Measurement } from "../measurement.ts";
import { emptyQueue, type LeftBehind } from "./left-behind.ts";
import { type Load, startLoad } from "./load.ts";
import { type ObservedUpdate, observeUpdate } from "./observe-update.ts";
import { MANY, STEPS } from "./steps.ts";
import { findingsOf, measuredMappingOf } from "./update-findings.ts";
import type { StepRun, UpdateRounds } from "./update-rounds.ts";

/** Six updates of 40 s, of which three are followed by 20 s of quiet. */
const TYPICAL_MINUTES_OF_A_ROUND = 5.3;
/** Each update may take three minutes to show, and is watched for some seconds more. */
const MOST_MINUTES_OF_A_ROUND = 21;
/** Fifty a second while ten batches of five run, for two of the updates, and ten or less otherwise. */
const MESSAGES_OF_A_ROUND = 26_000;

/** Each field of a mapping, turned up and down under load, to its effect. */
export const updates: Measurement = {
  id: "updates",
  rows: ["update-time", "state-runs-ahead", "received-when-disabled", "group-lock", "delivered-twice"],
  title: `updates mappings under load, ${STEPS.length} updates a round, and watches each until it shows`,
  needs: ["mapping"],
  duration: (rounds) => ({
    typicalMinutes: TYPICAL_MINUTES_OF_A_ROUND * rounds,
    mostMinutes: MOST_MINUTES_OF_A_ROUND * rounds,
  }),
  messagesMax: (rounds) => MESSAGES_OF_A_ROUND * rounds,
  run: measureUpdates,
};

/** The rounds that a bench has measured, as far as it came. */
interface BenchRounds extends UpdateRounds {
  /** The cause why there are no more. */
  readonly failure?: CallFailed | OutOfTime;
}

async function measureUpdates(...benches: readonly Bench[]): Promise<Measured> {
  const measured: BenchRounds[] = [];
  await sideBySide(
    benches.map((bench, at) => async () => {
      measured[at] = await measureRounds(bench, at + 1, benches.length);
    }),
  );
  const rounds = {
    runs: measured.flatMap(({ runs }) => runs),
    leftBehind: measured.flatMap(({ leftBehind }) => leftBehind),
    invocations: measured.flatMap(({ invocations }) => invocations),
  };
  const failure = measured.find((one) => one.failure !== undefined)?.failure;
  if (rounds.runs.length === 0 && failure !== undefined) throw failure;
  return {
    findings: findingsOf(rounds),
    mapping: measuredMappingOf(rounds),
    ...(failure && { failure: failure.message }),
  };
}

/** Measures every so manieth round; one that fails ends it, and keeps none of those before. @throws Interrupted */
async function measureRounds(bench: Bench, first: number, every: number): Promise<BenchRounds> {
  const runs: StepRun[] = [];
  const leftBehind: LeftBehind[] = [];
  let invocations: readonly RecordedInvocation[] = [];
  try {
    const load = await startLoad(bench);
    await backToFirst(bench, load.mapping.uuid);
    for (let round = first; round <= bench.timing.rounds; round += every) {
      const steps = await measureSteps(bench, load, round);
      invocations = await load.read();
      leftBehind.push(await emptyQueue(bench, load.mapping.queue, idsIn(invocations)));
      load.emptied();
      runs.push(...steps);
    }
  } catch (thrown) {
    if (thrown instanceof CallFailed || thrown instanceof OutOfTime)
      return { runs, leftBehind, invocations, failure: thrown };
    throw thrown;
  }
  return { runs, leftBehind, invocations };
}

async function measureSteps(bench: Bench, load: Load, round: number): Promise<readonly StepRun[]> {
  const runs: StepRun[] = [];
  await warmUp(bench, MANY);
  for (const step of STEPS) {
    await load.look();
    // A state that was seen to say so is not read again: rounds side by side share the control plane.
    if (runs.at(-1)?.observed.settledMs === undefined) await whenSettled(bench, load.mapping.uuid);
    const observed = await observeUpdate(bench, load, step.change, step.sign);
    bench.say(`round ${round} of ${bench.timing.rounds}, ${step.what}: ${toldOf(observed)}`);
    runs.push({ step, observed });
  }
  return runs;
}

function idsIn(invocations: readonly RecordedInvocation[]): ReadonlySet<string> {
  return new Set(invocations.flatMap(({ messages }) => messages.map(({ messageId }) => messageId)));
}

function toldOf({ shownMs, settledMs }: ObservedUpdate): string {
  const text = (ms: number | undefined) =>
    ms === undefined ? "not in time" : `after ${(ms / 1_000).toFixed(1)} s`;
  return `state ${text(settledMs)}, effect ${text(shownMs)}`;
}
