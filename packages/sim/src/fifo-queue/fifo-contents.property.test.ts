import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createContentsHarness, VISIBILITY_MS } from "./fakes/contents-harness.ts";
import { createPlainQueue } from "./fakes/plain-queue.ts";

type Step =
  | { readonly kind: "send"; readonly group: number }
  | { readonly kind: "take"; readonly max: number }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "change"; readonly at: number; readonly seconds: number }
  | { readonly kind: "pass"; readonly seconds: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("send" as const), group: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("take" as const), max: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), at: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("change" as const), at: fc.nat(20), seconds: fc.nat(40) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 35 }) }),
  },
);

test("whatever happens to a queue, receives take what the plain rules say, in that order", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const quick = createContentsHarness();
      const plain = createPlainQueue();
      let nowMs = 0;
      let sentCount = 0;
      const take = (max: number) => {
        const expected = plain.take(max, nowMs, nowMs + VISIBILITY_MS);
        expect(quick.take(max)).toEqual(expected);
      };
      for (const step of steps) {
        switch (step.kind) {
          case "send":
            quick.send(`g${step.group}`, `${sentCount}`);
            plain.send(`g${step.group}`, `${sentCount}`);
            sentCount += 1;
            break;
          case "take":
            take(step.max);
            break;
          case "remove":
            quick.contents.remove(quick.handleOf(`${step.at}`));
            plain.remove(`${step.at}`, nowMs);
            break;
          case "change": {
            const delayMs = 1_000 * step.seconds;
            quick.contents.changeVisibility({ receiptHandle: quick.handleOf(`${step.at}`), delayMs });
            plain.hideUntil(`${step.at}`, nowMs, nowMs + delayMs);
            break;
          }
          case "pass":
            nowMs += 1_000 * step.seconds;
            quick.pass(1_000 * step.seconds);
            break;
        }
      }
      take(100);
    }),
    { numRuns: 1_000 },
  );
});
