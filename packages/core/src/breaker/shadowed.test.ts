import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { type TinyState, tinyLaw } from "@sluice/testing/tiny-law";
import { expect, test } from "vitest";
import type { ShadowLaw } from "../law/law.ts";
import { shadowed } from "../law/shadowed.ts";

/** A law that says it would cut where the law in force trips. */
const timidLaw: ShadowLaw<TinyState> = {
  ...tinyLaw,
  name: "timid",
  decide(state, observation, config, nowMs) {
    const step = tinyLaw.decide(state, observation, config, nowMs);
    if (step.decision?.rule !== "trip") return step;
    const after = { phase: "closed", limit: 1, epoch: step.state.epoch } as const;
    const { seen, failedProbeCount } = step.state;
    return {
      state: { ...after, target: 1, seen, failedProbeCount },
      decision: { ...step.decision, rule: "cut", after },
    };
  },
  follow: (state, control) => ({ ...state, ...control }) as TinyState,
};

test("a decision is carried out, and what the shadow would have done is told beside it", async () => {
  const harness = createBreakerHarness();
  const { breaker, wishes } = harness.start({ law: shadowed(tinyLaw, timidLaw) });
  await harness.report({ faultCount: 3 });
  expect((await breaker.look()).control).toMatchObject({ phase: "open" });
  expect(await harness.decisions()).toMatchObject([
    { kind: "decision", summary: "trip: limit 3 → open" },
    { kind: "advice", summary: "would: cut: limit 3 → limit 1", details: { rule: "cut" } },
  ]);
  expect(wishes).toHaveLength(1);
});
