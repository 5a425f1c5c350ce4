import * as z from "zod";
import { StoredRowInvalid } from "../errors.ts";
import { isObject, mergePatchOf, patched } from "../parsing/merge-patch.ts";
import type { Control, ControlState } from "./control.ts";
import type { Decision, Law, Observation, ShadowLaw, Step } from "./law.ts";
import type { LawConfig } from "./law-config.ts";

/** The state of a law, and that of the shadow beside it; without one the shadow knows what the law does. */
export type Shadowed<State extends ControlState> = State & { readonly shadow?: ShadowPart<State> };

/** The shadow's part of a state. */
export interface ShadowPart<State extends ControlState> {
  readonly state: State;
  /** The advice of this epoch, a key each: rule and control afterwards. */
  readonly advised: readonly string[];
}

/** The most advice that is given in one epoch. */
const ADVICE_MAX = 20;

/**
 * A law that decides as `law` does, and gives as advice what `shadow` would have decided on the same observation
 * where both differ. Then the shadow goes on under the control in force, so that it judges the world as it is.
 *
 * An advice comes once in an epoch, and only where the breaker is closed, or closes: probes are not the limit's
 * business. Both laws have states of one kind, such as one law with two sets of numbers.
 */
export function shadowed<State extends ControlState>(
  law: Law<State>,
  shadow: ShadowLaw<State>,
): Law<Shadowed<State>> {
  return {
    name: `${law.name}, shadowed by ${shadow.name}`,
    initial: law.initial,
    toStored: (state) => toStored(law, shadow, state),
    parse: (stored) => parse(law, shadow, stored),
    decide(state, observation, config, nowMs) {
      const before = ownPart(state);
      const { advised, state: followed } = partInStep(state);
      const step = law.decide(before, observation, config, nowMs);
      const other = shadow.decide(followed, observation, config, nowMs);
      const advice = canAdvise(observation, before, step)
        ? adviceOf(step, other, advised.length > 0)
        : undefined;
      const isNews = advice !== undefined && !advised.includes(keyOf(advice)) && advised.length < ADVICE_MAX;
      const part = {
        state: inForce(shadow, { followed, step, other }, config, nowMs),
        advised: [...(step.state.epoch === before.epoch ? advised : []), ...(isNews ? [keyOf(advice)] : [])],
      };
      return { ...step, state: { ...step.state, shadow: part }, ...(isNews && { advice }) };
    },
  };
}

function ownPart<State extends ControlState>({ shadow: _, ...own }: Shadowed<State>): State {
  return own as unknown as State;
}

/** The shadow's part, in the epoch in force: the breaker may have begun one without asking a law. */
function partInStep<State extends ControlState>(state: Shadowed<State>): ShadowPart<State> {
  const own = ownPart(state);
  const { shadow = { state: own, advised: [] } } = state;
  if (shadow.state.epoch === own.epoch) return shadow;
  return { state: { ...shadow.state, epoch: own.epoch }, advised: [] };
}

function canAdvise({ kind }: Observation, before: Control, { state }: Step): boolean {
  return kind === "report" && (before.phase === "closed" || state.phase === "closed");
}

/**
 * The decision that the shadow would have made; undefined where it would have done as the law did.
 * @param hasSpoken it has given advice in this epoch, and looks anew since, so that its silence says nothing
 */
function adviceOf({ decision }: Step, { decision: other }: Step, hasSpoken: boolean): Decision | undefined {
  if (other !== undefined) {
    return decision !== undefined && isSame(decision.after, other.after) ? undefined : other;
  }
  if (decision === undefined || hasSpoken || isSame(decision.before, decision.after)) return undefined;
  const { rule, before } = decision;
  return { rule: `no change, unlike "${rule}"`, inputs: {}, before, after: before };
}

function isSame(one: Control, other: Control): boolean {
  return one.phase === other.phase && one.limit === other.limit;
}

function keyOf({ rule, after: { phase, limit } }: Decision): string {
  return `${rule}: ${phase} ${limit}`;
}

/** The steps of both laws on one observation, and the state that the shadow's began with. */
interface Both<State extends ControlState> {
  readonly followed: State;
  readonly step: Step<State>;
  readonly other: Step<State>;
}

/** The shadow's next state, under the control in force. */
function inForce<State extends ControlState>(
  shadow: ShadowLaw<State>,
  { followed, step, other }: Both<State>,
  config: LawConfig,
  nowMs: number,
): State {
  const isInForce = isSame(step.state, other.state);
  const isAsked = step.decision === undefined || other.decision !== undefined;
  if (isInForce && isAsked) return { ...other.state, epoch: step.state.epoch };
  return shadow.follow(learnedFrom({ followed, step, other }), step.state, config, nowMs);
}

/** The shadow's state with what it has learned from an observation, at the limit that was in force before it. */
function learnedFrom<State extends ControlState>({ followed, step, other }: Both<State>): State {
  if (other.decision === undefined) return other.state;
  // What it would have begun, and the law has not, is forgotten: it has taught nothing.
  return isSameWay(step.decision, other.decision) ? { ...other.state, limit: followed.limit } : followed;
}

/** True if both decisions lead to one phase and, where that stays, move the limit in one direction. */
function isSameWay(one: Decision | undefined, other: Decision): boolean {
  if (one?.after.phase !== other.after.phase) return false;
  if (one.before.phase !== one.after.phase) return true;
  const [mine, theirs] = [one, other].map(({ before, after }) => Math.sign(after.limit - before.limit));
  return mine === theirs;
}

const partSchema = z.object({
  /** A merge patch that makes the shadow's stored state of the law's. */
  patch: z.record(z.string(), z.unknown()),
  advised: z.array(z.string()),
});

/** The law's own stored state, and beside it in what the shadow's differs: mostly nothing, or a few numbers. */
function toStored<State extends ControlState>(
  law: Law<State>,
  shadow: Law<State>,
  state: Shadowed<State>,
): unknown {
  const own = objectOf(law.toStored(ownPart(state)));
  if (state.shadow === undefined) return own;
  const { advised } = state.shadow;
  const patch = mergePatchOf(own, objectOf(shadow.toStored(state.shadow.state)));
  if (Object.keys(patch).length === 0 && advised.length === 0) return own;
  return { ...own, shadow: { patch, advised } };
}

/** @throws StoredRowInvalid for the law's own state; a shadow that can't be read begins with what the law knows */
function parse<State extends ControlState>(
  law: Law<State>,
  shadow: Law<State>,
  stored: unknown,
): Shadowed<State> {
  const state = law.parse(stored);
  if (!isObject(stored) || stored.shadow === undefined) return state;
  const part = partSchema.safeParse(stored.shadow);
  if (!part.success) return state;
  const { patch, advised } = part.data;
  const { shadow: _, ...own } = stored;
  try {
    return { ...state, shadow: { state: shadow.parse(patched(own, patch)), advised } };
  } catch (thrown) {
    if (thrown instanceof StoredRowInvalid) return state;
    throw thrown;
  }
}

function objectOf(stored: unknown) {
  if (isObject(stored)) return stored;
  throw new TypeError("a law that is shadowed stores its state as an object");
}
