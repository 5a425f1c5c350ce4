import type { Bench } from "../../bench/bench.ts";
import { isSettled } from "../../bench/when-settled.ts";
import type { RecordedInvocation } from "../../ports/journal.ts";
import type { TurnedSettings } from "../../ports/mapping-calls.ts";
import type { Load } from "./load.ts";
import type { Sign } from "./signs.ts";

/** An update, and when it showed. Times are from its answer. */
export interface ObservedUpdate {
  /** The state that the update was answered with. */
  readonly state: string;
  /** Until the state was first read that says that it is done; undefined if it was not in time. */
  readonly settledMs: number | undefined;
  /** Until the recorder saw it; undefined if it did not in time. */
  readonly shownMs: number | undefined;
  /** Batches that began after that state was read. */
  readonly begunSettled: number;
}

/** Updates a settled mapping under load, and watches until both its state and the recorder show it. @throws CallFailed, Interrupted */
export async function observeUpdate(
  bench: Bench,
  load: Load,
  change: Partial<TurnedSettings>,
  sign: Sign,
): Promise<ObservedUpdate> {
  const { account, clock, timing, pause } = bench;
  const { uuid } = load.mapping;
  const sentAtMs = clock.nowMs();
  const { state } = await account.mappings.update(uuid, change);
  const answeredAtMs = clock.nowMs();
  let settledAtMs: number | undefined;
  let shownAtMs: number | undefined;
  let begunSettled = 0;
  while (clock.nowMs() - answeredAtMs < timing.showWithinMs) {
    await pause(timing.lookEveryMs);
    if (settledAtMs === undefined && isSettled((await account.mappings.read(uuid)).state))
      settledAtMs = clock.nowMs();
    const recent = (await load.look()).filter(({ startedAtMs, holdMs }) => startedAtMs + holdMs >= sentAtMs);
    const since = recent.filter(({ startedAtMs }) => startedAtMs >= sentAtMs);
    shownAtMs = shownAt(sign, since, recent, answeredAtMs);
    begunSettled = since.filter(
      ({ startedAtMs }) => startedAtMs > (settledAtMs ?? Number.POSITIVE_INFINITY),
    ).length;
    const quietSinceMs = Math.max(shownAtMs ?? 0, settledAtMs ?? 0);
    const isQuiet = sign.kind === "first" || clock.nowMs() - quietSinceMs >= timing.quietMs;
    if (settledAtMs !== undefined && shownAtMs !== undefined && isQuiet) break;
  }
  const sinceAnswer = (atMs: number | undefined) =>
    atMs === undefined ? undefined : Math.max(0, atMs - answeredAtMs);
  return { state, settledMs: sinceAnswer(settledAtMs), shownMs: sinceAnswer(shownAtMs), begunSettled };
}

/** The instant of the sign; a last one that never came was at the answer. */
function shownAt(
  { kind, isOne }: Sign,
  since: readonly RecordedInvocation[],
  recent: readonly RecordedInvocation[],
  answeredAtMs: number,
): number | undefined {
  const signs = since.filter((one) => isOne(one, recent));
  return kind === "first" ? signs[0]?.startedAtMs : (signs.at(-1)?.startedAtMs ?? answeredAtMs);
}
