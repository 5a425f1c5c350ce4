import { controlOf } from "../control.ts";
import { type Evidence, startedCount, successCount } from "../evidence.ts";
import type { Observation, ShadowLaw, Step } from "../law.ts";
import type { LawConfig } from "../law-config.ts";
import { follow } from "./follow.ts";
import { heedHold } from "./heed-hold.ts";
import { judge } from "./judge.ts";
import { lower, settleDoubt } from "./lower.ts";
import { awaitingRecord, openForEnvironment, probedInVain, probing, reopened, tripped } from "./opening.ts";
import { raise } from "./raise.ts";
import type { RuleContext, RuleResult } from "./rule-result.ts";
import { seenIn } from "./seen-in.ts";
import type { Closed, HalfOpen, Open, SluiceState } from "./state.ts";
import { parseSluiceState, toStoredSluiceState } from "./stored-state.ts";
import { takeIn } from "./take-in.ts";
import { initialState, restarted, restored } from "./transitions.ts";
import { SLUICE_TUNING, type SluiceTuning } from "./tuning.ts";

/**
 * The law that production runs with.
 *
 * The plant: the limit L acts at once on permits, a request answers after 5 ms to 70 s, and its latency is so
 * widely spread that single latencies say nothing. So the law decides by sequential tests on evidence instead
 * of by windows of time, and evidence counts only if its request started under the limit that it is to judge
 * (an epoch). A test takes as many calls as it needs and no more, at any latency.
 *
 * - Trouble shows by throttled calls, faults, slow calls, or a shift of the usual latency; each is a
 *   cumulative sum of log-likelihood ratios (Wald 1945, Page 1954), or a comparison of mean logarithms. A cut
 *   multiplies the limit by 0.7: a part of the error is corrected per dead time, which is as much as a loop
 *   with dead time bears (Skogestad, Simple analytic rules for PID tuning, 2003). Longer calls show by how
 *   much, so for them Little's law gives the factor.
 * - A cut that does not help was wrong: clearly below the limit at which trouble began, the same share of
 *   faults or the same latency means that load is not to blame. The law gives in, remembers it as usual, and
 *   goes back.
 * - While all is well the limit ramps up to its earlier level by doubling (slow start, Jacobson 1988), then
 *   steps up by a tenth, each step doubled while it pays. A step that brings trouble, or lengthens calls by
 *   more than half of the amount that would eat up its gain, is undone and not tried again for some minutes.
 * - A refusal that brings a hold stops everything for a known time. So one is proof enough, its level is not
 *   tried for many times as long, and a step towards it is taken when what it gains outweighs the hold that it
 *   risks.
 * - An outage plainly seen, faults without any answer between, trips at once from any level. Probes follow,
 *   one call each; the wait for them grows with relapses, which a short recovery does not wipe out. A trip soon after
 *   another and soon after a raise undoes the raise: the load may have brought it about, so that its level is not tried
 *   again for many times as long as the trip stopped everything.
 * - Half-open lends one permit at a time until a call has spoken of the provider: an answer closes, a fault
 *   opens again. A fault of a record that failed before while others succeeded says little; only several do.
 * - Rejections of everything, without a success between, are a wrong address or a changed contract: open until a call is
 *   not rejected, and back to the level before.
 * - Workers that can't begin, without a single start between, are our own side's outage: open until one begins,
 *   and back to the level before, with nothing learned about the provider.
 */
export const sluiceLaw: ShadowLaw<SluiceState> = createSluiceLaw();

/** The same law with other numbers; the lab switches its parts off with them. */
export function createSluiceLaw(
  tuning: SluiceTuning = SLUICE_TUNING,
  name: string = "sluice",
): ShadowLaw<SluiceState> {
  function decide(
    state: SluiceState,
    observation: Observation,
    config: LawConfig,
    nowMs: number,
  ): Step<SluiceState> {
    const result = ruleFor(state, observation, { config, tuning, nowMs });
    if (result.rule === undefined) return { state: result.state };
    const decision = {
      rule: result.rule,
      inputs: result.inputs ?? {},
      before: controlOf(state),
      after: controlOf(result.state),
      ...(state.phase === "closed" && { seen: seenIn(state, observation, nowMs) }),
    };
    return { state: result.state, decision };
  }

  return {
    name,
    initial: initialState,
    toStored: toStoredSluiceState,
    parse: parseSluiceState,
    decide,
    follow: (state, control, config, nowMs) => follow(state, control, { config, tuning, nowMs }),
  };
}

function ruleFor(state: SluiceState, observation: Observation, context: RuleContext): RuleResult {
  switch (state.phase) {
    case "closed":
      return whileClosed(state, observation, context);
    case "open":
      return whileOpen(state, observation, context);
    case "half-open":
      return whileHalfOpen(state, observation, context);
  }
}

function whileClosed(state: Closed, observation: Observation, context: RuleContext): RuleResult {
  if (observation.kind !== "report" || observation.epoch !== state.epoch) return { state };
  const taken = takeIn(state, observation.evidence, context);
  const { state: judged, judgement } = judge(taken, context);
  const heeded = judgement.kind === "outage" ? undefined : heedHold(judged, observation.evidence, context);
  if (heeded !== undefined) return heeded;
  switch (judgement.kind) {
    case "outage":
      return { rule: "tripped: outage", inputs: judgement.inputs, state: tripped(judged, context) };
    case "environment":
      return {
        rule: "opened: our own side can't begin a call",
        inputs: judgement.inputs,
        state: openForEnvironment(judged, context),
      };
    case "rejections":
      return {
        rule: "opened: everything is rejected, and nothing fetched",
        inputs: judgement.inputs,
        state: openForEnvironment(judged, context, { isAllRejected: true }),
      };
    case "bad":
      return lower(judged, judgement.trouble, context);
    case "good":
      return raise(judged, observation.inFlightCount, context);
    case "undecided":
      return { state: settleDoubt(judged, context) };
  }
}

function whileOpen(state: Open, observation: Observation, context: RuleContext): RuleResult {
  if (observation.kind !== "probe-due") return { state };
  if (context.nowMs < state.probeAtMs && !observation.isAsked) return { state };
  const inputs = { failedProbes: state.failedProbeCount, relapses: state.relapseCount };
  if (observation.hasRecord) return { rule: "probe", inputs, state: probing(state, context) };
  const rule = "the next record to appear is the probe";
  return { rule, inputs, state: awaitingRecord(probing(state, context)) };
}

function whileHalfOpen(state: HalfOpen, observation: Observation, context: RuleContext): RuleResult {
  if (observation.kind === "probe-due") {
    const isValveOpen = state.isValveKept || state.awaitsRecord === true;
    if (observation.hasRecord || isValveOpen) return { state };
    const rule = "the next record to appear is the probe";
    return { rule, state: awaitingRecord(probing(state, context)) };
  }
  if (observation.epoch !== state.epoch) return { state };
  if (state.isAllRejected) return whileProbingRejections(state, observation.evidence, context);
  if (state.reason === "environment") return whileProbingEnvironment(state, observation.evidence, context);
  return whileProbingProvider(state, observation.evidence, context);
}

function whileProbingProvider(state: HalfOpen, evidence: Evidence, context: RuleContext): RuleResult {
  if (evidence.faultCount + evidence.throttledCount > 0) {
    return { rule: "probe failed", state: reopened(state, context) };
  }
  if (successCount(evidence) + evidence.rejectedCount > 0) {
    const { restartLimit } = context.tuning;
    return { rule: "closed: the probe was answered", state: restarted(state, restartLimit, context) };
  }
  const faults = state.doubtfulFaultCount + evidence.repeatFaultCount;
  if (faults >= context.tuning.doubtfulProbes) {
    const inputs = { faults };
    return { rule: "probe failed: so did several doubtful records", inputs, state: reopened(state, context) };
  }
  if (evidence.unavailableCount > 0) {
    return { rule: "probe came to nothing: it could not begin", state: probedInVain(state, context) };
  }
  return { state: { ...state, doubtfulFaultCount: faults } };
}

function whileProbingEnvironment(state: HalfOpen, evidence: Evidence, context: RuleContext): RuleResult {
  if (startedCount(evidence) > 0) {
    return { rule: "closed: a call began again", state: restored(state, context) };
  }
  if (evidence.unavailableCount === 0) return { state };
  return { rule: "our own side still can't begin a call", state: reopened(state, context) };
}

function whileProbingRejections(state: HalfOpen, evidence: Evidence, context: RuleContext): RuleResult {
  const { rejectedCount, unavailableCount } = evidence;
  if (startedCount(evidence) > rejectedCount) {
    return { rule: "closed: not everything is rejected any more", state: restored(state, context) };
  }
  if (rejectedCount > 0) return { rule: "the probe was rejected, too", state: reopened(state, context) };
  if (unavailableCount === 0) return { state };
  return { rule: "probe came to nothing: it could not begin", state: probedInVain(state, context) };
}
