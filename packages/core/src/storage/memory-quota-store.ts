import type { QuotaAnswer, QuotaRequest, QuotaState, QuotaStore } from "../ports/quota-store.ts";
import { NOTHING_RESERVED, quotaStepOf, reservedMs } from "./quota.ts";

/** {@link QuotaStore} in memory, for tests and simulation. */
export function createMemoryQuotaStore(): QuotaStore {
  let state = NOTHING_RESERVED;
  let toldDay = "";

  async function reserve(request: QuotaRequest): Promise<QuotaAnswer> {
    const step = quotaStepOf(state, request);
    if (step === undefined) return { kind: "refused", state };
    const firstAtMs = step.spacing === "busy" ? state.freeFromMs : request.nowMs;
    state = reserved(state, request, firstAtMs);
    return { kind: "reserved", firstAtMs, state };
  }

  return {
    reserve,
    async giveBack(day, count) {
      if (state.day === day) state = { ...state, usedCount: state.usedCount - count };
    },
    async markTold(day) {
      if (toldDay >= day) return false;
      toldDay = day;
      return true;
    },
    read: async () => state,
  };
}

function reserved(before: QuotaState, request: QuotaRequest, firstAtMs: number): QuotaState {
  const { count, spacing, day } = request;
  const freeFromMs = spacing === undefined ? before.freeFromMs : firstAtMs + reservedMs(request);
  if (day === undefined) return { ...before, freeFromMs };
  const usedCount = (before.day === day.name ? before.usedCount : 0) + count;
  return { freeFromMs, day: day.name, usedCount };
}
