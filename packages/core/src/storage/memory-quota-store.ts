import type { QuotaAnswer, QuotaRequest, QuotaStore } from "../ports/quota-store.ts";
import { afterStep, firstOf, NOTHING_RESERVED, quotaStepOf } from "../steering/quotas/quota-steps.ts";

/** {@link QuotaStore} in memory, for tests and simulation. */
export function createMemoryQuotaStore(): QuotaStore {
  let state = NOTHING_RESERVED;
  let toldDay = "";

  async function reserve(request: QuotaRequest): Promise<QuotaAnswer> {
    const step = quotaStepOf(state, request);
    if (step === undefined) return { kind: "refused", state };
    const firstAtMs = firstOf(state, request, step);
    state = afterStep(state, request, step);
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
