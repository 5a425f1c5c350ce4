import { Unreachable } from "@sluice/core/errors";
import { hold, readSteering, resume } from "@sluice/core/operator";
import { createBreakerHarness } from "@sluice/testing/breaker-harness";
import { expect, test } from "vitest";
import { createHoldSwitch, KEY_HOLD_MS } from "./hold-switch.ts";
import type { Operator } from "./operator.ts";

const AUTHOR = { by: "anna", reason: "a test" };

function setUp(changes: Partial<Operator> = {}) {
  const harness = createBreakerHarness({ shardCount: 2 });
  const deps = harness.start().steering;
  const said: string[] = [];
  const operator: Operator = {
    deps,
    hold: (times) => hold({ ...AUTHOR, ...times }, deps),
    resume: () => resume(AUTHOR, deps),
    ...changes,
  };
  const turn = createHoldSwitch(operator, (text) => said.push(text));
  const isHeld = async () => (await readSteering(deps)).reasons.some(({ kind }) => kind === "order");
  return { harness, turn, said, isHeld };
}

test("a turn holds for 20 s, the next one ends that", async () => {
  const { harness, turn, isHeld } = setUp();
  await turn();
  expect(await isHeld()).toBe(true);
  await turn();
  expect(await isHeld()).toBe(false);
  await turn();
  harness.clock.advance(KEY_HOLD_MS);
  expect(await isHeld()).toBe(false);
});

test("turns come one after the other, however quick they are", async () => {
  const { turn, isHeld } = setUp();
  await Promise.all([turn(), turn(), turn()]);
  expect(await isHeld()).toBe(true);
});

test("a refusal and an error are said, and the next turn works", async () => {
  const refusing = setUp({
    hold: async () => ({ kind: "refused", reason: "author-invalid", hint: "Say who orders it" }),
  });
  await refusing.turn();
  expect(refusing.said).toEqual(["refused: Say who orders it"]);
  const failing = setUp({
    hold: async () => {
      throw new Unreachable("the table", "no answer");
    },
  });
  await failing.turn();
  await failing.turn();
  expect(failing.said).toHaveLength(2);
  expect(failing.said[0]).toMatch(/^the order could not be given: .*no answer/);
});
