import fc from "fast-check";
import { expect, test } from "vitest";
import { PRODUCTION, parseStage } from "./stage.ts";

const KNOWN = ["acme", "acme-eu", "demo"];

test.each([
  ["acme", { providerId: "acme", environment: "production" }],
  ["acme-staging", { providerId: "acme", environment: "staging" }],
  ["acme-eu", { providerId: "acme-eu", environment: "production" }],
  ["acme-eu-staging", { providerId: "acme-eu", environment: "staging" }],
  ["demo-pr12", { providerId: "demo", environment: "pr12" }],
])("%s is one provider in one environment: the longest id wins", (stage, expected) => {
  expect(parseStage(stage, KNOWN)).toEqual({ kind: "provider", ...expected });
});

test.each([
  ["fleet", "production"],
  ["fleet-staging", "staging"],
])("%s is what all providers of %s share", (stage, environment) => {
  expect(parseStage(stage, KNOWN)).toEqual({ kind: "fleet", environment });
});

test.each([
  ["nobody", /belongs to no provider.*Providers: acme, acme-eu, demo/],
  ["acmes", /belongs to no provider/],
  ["", /belongs to no provider/],
  ["acme-", /environment "" that is not/],
  ["acme-us-east", /environment "us-east" that is not/],
  ["acme-Staging", /environment "Staging" that is not/],
  ["acme-production", /same as acme/],
  ["fleet-production", /same as fleet/],
])("%s is refused, and the message says why and what there is", (stage, problem) => {
  expect(() => parseStage(stage, KNOWN)).toThrow(problem);
  expect(() => parseStage(stage, KNOWN)).toThrow(/Providers: acme, acme-eu, demo/);
});

test("two stages that can be read never mean the same", () => {
  const text = fc.array(fc.constantFrom("a", "b", "eu", PRODUCTION), { minLength: 1, maxLength: 3 });
  const dashed = text.map((parts) => parts.join("-"));
  fc.assert(
    fc.property(
      fc.uniqueArray(dashed, { minLength: 1, maxLength: 6 }),
      fc.uniqueArray(dashed),
      (ids, stages) => {
        const read = stages.flatMap((stage) => readable(stage, ids));
        expect(new Set(read.map((one) => JSON.stringify(one))).size).toBe(read.length);
      },
    ),
  );
});

function readable(stage: string, ids: readonly string[]) {
  try {
    return [parseStage(stage, ids)];
  } catch {
    return [];
  }
}
