import type { ControlState } from "../control.ts";
import { awaitingRecord, openForEnvironment, probing, reopened, tripped } from "./opening.ts";
import type { RuleContext } from "./rule-result.ts";
import type { Closed, HalfOpen, Open, SluiceState } from "./state.ts";
import { anew, atLimit, restarted, restored, without } from "./transitions.ts";

/** The state with which the law goes on under a control that it has not decided, with all that it has learned. */
export function follow(state: SluiceState, control: ControlState, context: RuleContext): SluiceState {
  const { epoch, limit } = control;
  switch (control.phase) {
    case "closed":
      return { ...closedAt(state, limit, context), epoch };
    case "open": {
      const { probeAtMs, isValveKept } = control;
      return { ...openedBy(state, control, context), epoch, limit, probeAtMs, isValveKept };
    }
    case "half-open": {
      const { isValveKept, awaitsRecord } = control;
      const probe = { ...probing(unclosed(state, control, context), context), epoch, limit, isValveKept };
      return awaitsRecord ? awaitingRecord(probe) : probe;
    }
  }
}

function closedAt(state: SluiceState, limit: number, context: RuleContext): Closed {
  if (state.phase === "closed")
    return limit === state.limit ? anew(state, context) : moved(state, limit, context);
  const probe = state.phase === "open" ? probing(state, context) : state;
  const closed = probe.reason === "environment" ? restored(probe, context) : restarted(probe, limit, context);
  return { ...closed, limit };
}

/** Another limit: one above what the law would have ramped up to is a step that has to pay, as its own would. */
function moved(state: Closed, limit: number, context: RuleContext): Closed {
  const { nowMs, tuning } = context;
  const from = Math.min(state.limit, state.test?.from ?? state.limit);
  if (limit <= from) return atLimit(without(state, "test"), limit, context);
  if (state.test === undefined && limit <= state.rampTo) {
    const backTo = Math.max(1, Math.floor(limit * tuning.cut));
    return atLimit({ ...state, lastRaise: { atMs: nowMs, to: limit, backTo } }, limit, context);
  }
  const lastRaise = { atMs: nowMs, to: limit, backTo: from };
  return atLimit({ ...state, rampTo: limit, test: { from }, lastRaise }, limit, context);
}

/** Open as the control says: by a trip of the provider's or for our own side, or again after a probe. */
function openedBy(
  state: SluiceState,
  control: Extract<ControlState, { phase: "open" | "half-open" }>,
  context: RuleContext,
): Open {
  switch (state.phase) {
    case "half-open":
      return reopened(state, context);
    case "open":
      return state;
    case "closed":
      if (control.reason === undefined) return tripped(state, context);
      return openForEnvironment(state, context, control.isAllRejected ? { isAllRejected: true } : {});
  }
}

function unclosed(
  state: SluiceState,
  control: Extract<ControlState, { phase: "half-open" }>,
  context: RuleContext,
): Open | HalfOpen {
  return state.phase === "closed" ? openedBy(state, control, context) : state;
}
