import { tinyLaw } from "@sluice/testing/tiny-law";
import { expect, test } from "vitest";
import { NO_EVIDENCE } from "../law/evidence.ts";
import { parseMemory } from "./memory.ts";

const CONFIG = { maxConcurrency: 3, slowAfterMs: 100, timeoutMs: 1_000, medianMs: 10, paceMs: 20_000 };
const LAW = {
  phase: "open",
  limit: 2,
  target: 2,
  epoch: 9,
  probeAtMs: 5,
  isValveKept: false,
  seen: {},
  failedProbeCount: 0,
};

test("nothing stored: begins as the law does, at version 0", () => {
  const initial = tinyLaw.initial(CONFIG, 5);
  expect(parseMemory(undefined, tinyLaw, CONFIG, 5)).toEqual({
    memory: { law: initial, counted: NO_EVIDENCE, earlier: NO_EVIDENCE, lookedAtMs: 0 },
    version: 0,
  });
});

test("what was stored comes back, sums that were not kept are zero", () => {
  const stored = {
    version: 4,
    memory: { law: LAW, counted: { okCount: 2 }, earlier: { okCount: 7 }, lookedAtMs: 7 },
  };
  expect(parseMemory(stored, tinyLaw, CONFIG, 5)).toEqual({
    memory: {
      law: LAW,
      counted: { ...NO_EVIDENCE, okCount: 2 },
      earlier: { ...NO_EVIDENCE, okCount: 7 },
      lookedAtMs: 7,
    },
    version: 4,
  });
});

test.each([
  ["nothing of ours", "hello"],
  ["no time", { law: LAW, counted: {} }],
  ["another law's state", { law: { phase: "tired" }, counted: {}, lookedAtMs: 7 }],
])("%s is replaced by a new beginning, and said so", (_, state) => {
  const remembered = parseMemory({ version: 7, memory: state }, tinyLaw, CONFIG, 5);
  expect(remembered).toMatchObject({ memory: { law: tinyLaw.initial(CONFIG, 5) }, version: 7 });
  expect(remembered.unreadable).toBeTypeOf("string");
});
