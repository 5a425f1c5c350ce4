import { demoProvider } from "@sluice/testing/demo-provider";
import { expect, test } from "vitest";
import { parseEnvironment } from "./parse-environment.ts";
import { touchedStages } from "./touched-stages.ts";

const providers = [
  demoProvider({ id: "acme", worker: { name: "acme" } }),
  demoProvider({ id: "demo", worker: { name: "http-json" } }),
  demoProvider({ id: "other", worker: { name: "http-json" } }),
];
const staging = parseEnvironment(
  { accountId: "123456789012", region: "eu-central-1", without: ["other"] },
  "staging",
  "environments/staging.json",
);
const touched = (paths: readonly string[], environment = "production") =>
  touchedStages({ paths, environment, providers, environments: [staging] });

test.each([
  [["packages/core/src/provider/catalog/acme.json"], ["fleet", "acme"]],
  [["packages/functions/src/workers/acme.ts"], ["acme"]],
  [["packages/functions/src/workers/http-json.ts"], ["demo", "other"]],
  [["packages/functions/src/workers/fetch-json.ts"], ["fleet", "acme", "demo", "other"]],
  [["packages/core/src/law/law.ts"], ["fleet", "acme", "demo", "other"]],
  [["stacks/queues.ts"], ["fleet", "acme", "demo", "other"]],
  [["package-lock.json"], ["fleet", "acme", "demo", "other"]],
  [
    ["sst.config.ts", "docs/deploy.md"],
    ["fleet", "acme", "demo", "other"],
  ],
  [["environments/production.json"], ["fleet", "acme", "demo", "other"]],
  [["environments/staging.json"], []],
  [["packages/core/src/provider/catalog/gone.json"], ["fleet"]],
  [["docs/deploy.md", "README.md", "packages/core/src/law/law.test.ts", "packages/sim/src/lab/main.ts"], []],
  [
    [
      "packages/core/src/law/sluice/fakes/law-harness.ts",
      "test/docs.test.ts",
      "packages/cli/src/main.ts",
      "packages/verify/src/main.ts",
    ],
    [],
  ],
  [[], []],
])("%j touches %j in production", (paths, stages) => {
  expect(touched(paths)).toEqual(stages);
});

test("stages of another environment have its name, and those that it does without are left out", () => {
  const all = ["fleet-staging", "acme-staging", "demo-staging"];
  expect(touched(["stacks/queues.ts"], "staging")).toEqual(all);
  expect(touched(["environments/staging.json"], "staging")).toEqual(all);
  expect(touched(["packages/core/src/provider/catalog/other.json"], "staging")).toEqual(["fleet-staging"]);
});

test("a path that nobody has thought of touches every stage", () => {
  expect(touched(["something/new.txt"])).toHaveLength(4);
});
