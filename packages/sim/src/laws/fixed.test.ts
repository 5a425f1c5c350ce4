import { expect, test } from "vitest";
import { configOf } from "./fakes/config-of.ts";
import { FAULT } from "./fakes/report-of.ts";
import { fixedLaw } from "./fixed.ts";

const config = configOf();

test("stays at X whatever happens", () => {
  const start = fixedLaw.initial(config, 0);
  expect(start).toEqual({ phase: "closed", limit: 20, target: 20, epoch: 0 });
  expect(fixedLaw.decide(start, FAULT, config, 0)).toEqual({ state: start });
});
