import { expect, test } from "vitest";
import { parseEnvironment } from "./parse-environment.ts";
import { sharedBuses } from "./shared-bus.ts";

const environment = (name: string, changes: object) =>
  parseEnvironment({ accountId: "123456789012", region: "eu-central-1", ...changes }, name, `${name}.json`);

test("two environments of one account and region can't make the same bus", () => {
  const bus = "sluice";
  expect(sharedBuses([environment("production", { bus }), environment("staging", { bus })])).toEqual([
    "environments/production.json and staging.json both name the bus sluice in eu-central-1: give each its own",
  ]);
});

test.each([
  ["of other regions", { bus: "sluice" }, { bus: "sluice", region: "us-east-1" }],
  ["of other accounts", { bus: "sluice" }, { bus: "sluice", accountId: "999999999999" }],
  ["with other buses", { bus: "sluice" }, { bus: "sluice-staging" }],
  ["on the account's own", {}, {}],
])("environments %s are fine", (_, one, other) => {
  expect(sharedBuses([environment("production", one), environment("staging", other)])).toEqual([]);
});
