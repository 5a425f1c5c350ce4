import fc from "fast-check";
import { expect, test } from "vitest";
import type { WorkerTrouble } from "../provider-simulator/trouble-dial.ts";
import { keyActions, troubleAfter } from "./keys.ts";

test.each([
  ["s", { slowPercentage: 60, errorPercentage: 50 }],
  ["S", { slowPercentage: 40, errorPercentage: 50 }],
  ["e", { slowPercentage: 50, errorPercentage: 60 }],
  ["E", { slowPercentage: 50, errorPercentage: 40 }],
  ["0", { slowPercentage: 0, errorPercentage: 0 }],
  ["sses", { slowPercentage: 80, errorPercentage: 60 }],
  ["ssssssss", { slowPercentage: 100, errorPercentage: 50 }],
  ["EEEEEEEE", { slowPercentage: 50, errorPercentage: 0 }],
  ["xQ1 ä🦊\r\n\t", { slowPercentage: 50, errorPercentage: 50 }],
])("%j makes of 50 %% slow and 50 %% errors %j", (input, trouble) => {
  expect(typed(input, { slowPercentage: 50, errorPercentage: 50 })).toEqual(trouble);
});

test.each(["q", "\u0003"])("%j ends the run", (key) => {
  expect(keyActions(key)).toEqual([{ kind: "quit" }]);
});

test("h holds or resumes", () => {
  expect(keyActions("hh")).toEqual([{ kind: "hold" }, { kind: "hold" }]);
});

test.each([
  ["F4", "\u001bOS"],
  ["arrow up", "\u001b[A"],
  ["shift and F4", "\u001b[1;2S"],
  ["F5", "\u001b[15~"],
  ["escape", "\u001b"],
])("%s is not taken for a letter", (_, input) => {
  expect(keyActions(input)).toEqual([]);
  expect(keyActions(`s${input}e`)).toHaveLength(2);
});

test("whatever is typed, shares stay between 0 and 100 %", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("s", "S", "e", "E", "0") }), (input) => {
      const { slowPercentage, errorPercentage } = typed(input, { slowPercentage: 5, errorPercentage: 95 });
      for (const percentage of [slowPercentage, errorPercentage]) {
        expect(percentage).toBeGreaterThanOrEqual(0);
        expect(percentage).toBeLessThanOrEqual(100);
      }
    }),
  );
});

function typed(input: string, trouble: WorkerTrouble): WorkerTrouble {
  return keyActions(input).reduce(
    (after, action) =>
      action.kind === "quit" || action.kind === "hold" ? after : troubleAfter(action, after),
    trouble,
  );
}
