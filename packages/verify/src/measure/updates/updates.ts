import { backToFirst } from "../../bench/back-to-first.ts";
import type { Bench } from "../../bench/bench.ts";
import { warmUp } from "../../bench/warm-up.ts";
import type { RecordedInvocation } from "../../ports/journal.ts";
import type { Measured, Measurement } from "../measurement.ts";
import { emptyQueue, type LeftBehind } from "./left-behind.ts";
import { startLoad } from "./load.ts";
import { type ObservedUpdate, observeUpdate } from "./observe-update.ts";
import { MANY, STEPS } from "./steps.ts";
import { findingsOf, measuredMappingOf } from "./update-findings.ts";
import type { StepRun } from "./update-rounds.ts";

/** Each update may take three minutes to show, and is watched for some seconds more. */
const MINUTES_OF_A_ROUND = 21;
/** Fifty a second while ten batches of five run, for two of the updates, and ten or less otherwise. */
const MESSAGES_OF_A_ROUND = 26_000;

/** Each field of a mapping, turned up and down under load, to its effect. */
export const updates: Measurement = {
  id: "updates",
  rows: ["update-time", "state-runs-ahead", "received-when-disabled", "group-lock", "delivered-twice"],
  title: `updates a mapping under load, ${STEPS.length} updates a round, and watches each until it shows`,
  minutesMax: (rounds) => MINUTES_OF_A_ROUND * rounds,
  messagesMax: (rounds) => MESSAGES_OF_A_ROUND * rounds,
  run: measureUpdates,
};

async function measureUpdates(bench: Bench): Promise<Measured> {
  const load = await startLoad(bench);
  await backToFirst(bench, load.mapping.uuid);
  const runs: StepRun[] = [];
  const leftBehind: LeftBehind[] = [];
  let invocations: readonly RecordedInvocation[] = [];
  for (let round = 1; round <= bench.timing.rounds; round += 1) {
    await warmUp(bench, MANY);
    for (const step of STEPS) {
      await load.look();
      const observed = await observeUpdate(bench, load, step.change, step.sign);
      bench.say(`  round ${round} of ${bench.timing.rounds}, ${step.what}: ${toldOf(observed)}`);
      runs.push({ step, observed });
    }
    invocations = await load.read();
    const ids = new Set(invocations.flatMap(({ messages }) => messages.map(({ messageId }) => messageId)));
    leftBehind.push(await emptyQueue(bench, load.mapping.queue, ids));
    load.emptied();
  }
  const rounds = { runs, leftBehind, invocations };
  return { findings: findingsOf(rounds), mapping: measuredMappingOf(rounds) };
}

function toldOf({ shownMs, settledMs }: ObservedUpdate): string {
  const text = (ms: number | undefined) =>
    ms === undefined ? "not in time" : `after ${(ms / 1_000).toFixed(1)} s`;
  return `state ${text(settledMs)}, effect ${text(shownMs)}`;
}
