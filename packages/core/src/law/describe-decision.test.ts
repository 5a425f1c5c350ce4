import { expect, test } from "vitest";
import type { Phase } from "./control.ts";
import { describeDecision } from "./describe-decision.ts";

const at = (phase: Phase, limit: number) => ({ phase, limit, epoch: 1 });

test.each([
  [
    { rule: "lowered", inputs: { share: 0.123456, calls: 40, by: "faults" }, before: at("closed", 8) },
    at("closed", 4),
    "lowered (share 0.123, calls 40, by faults): limit 8 → limit 4",
  ],
  [{ rule: "tripped", inputs: {}, before: at("closed", 1) }, at("open", 1), "tripped: limit 1 → open"],
  [
    { rule: "probe", inputs: { failed: 2 }, before: at("open", 1) },
    at("half-open", 1),
    "probe (failed 2): open → half-open",
  ],
])("a decision as a sentence: %j", (decision, after, sentence) => {
  expect(describeDecision({ ...decision, after })).toBe(sentence);
});
