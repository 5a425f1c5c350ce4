import { readProvider } from "@sluice/aws/file-catalog";
import { planOf } from "@sluice/core/deployment";
import { beforeAll, expect, test } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { allOf, isAllowed, named, statementsOf } from "./resources.ts";

const PREPARING_MS = 300_000;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;

// What `sst dev --stage demo-anna` makes.
const { names } = planOf(await readProvider("demo"), "anna", "attended");
let run: StageRun;
beforeAll(async () => {
  run = await runStage("demo-anna", "dev");
}, PREPARING_MS);

test("the mappings are shut at first, hand over one record to two at most, and lead to the relay", () => {
  for (const { inputs, options } of allOf(run, "lambda/eventSourceMapping")) {
    expect(inputs).toMatchObject({
      functionName: arn("lambda", `function:${names.relay}`),
      enabled: false,
      batchSize: 1,
      scalingConfig: { maximumConcurrency: 2 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    // Neither a deploy nor a change of code may open them while nobody is attached.
    expect(options.ignoreChanges).toContain("enabled");
  }
  expect(allOf(run, "lambda/eventSourceMapping")).toHaveLength(2);
});

test("ventilator, worker and waker are SST's stubs, the relay is not", () => {
  const runtimeOf = (name: string) => named(run, "lambda/function", `${name}Function`).inputs.runtime;
  expect([runtimeOf("Ventilator"), runtimeOf("Worker"), runtimeOf("Waker")]).toEqual(
    Array(3).fill("provided.al2023"),
  );
  expect(runtimeOf("Relay")).toBe("nodejs24.x");
});

test("the relay is done before a message is seen again", () => {
  const { timeout } = named(run, "lambda/function", "RelayFunction").inputs;
  for (const { inputs } of allOf(run, "sqs/queue")) {
    expect(Number(inputs.visibilityTimeoutSeconds)).toBeGreaterThanOrEqual(Number(timeout));
  }
});

test("the relay may call the ventilator, and shut its own mappings", () => {
  const statements = statementsOf(run, "RelayRole");
  const mapping = arn("lambda", "event-source-mapping:9f3c");
  const of = (name: string) => ({ "lambda:FunctionArn": arn("lambda", `function:${name}`) });
  expect(isAllowed(statements, "lambda:InvokeFunction", arn("lambda", `function:${names.ventilator}`))).toBe(
    true,
  );
  expect(isAllowed(statements, "lambda:InvokeFunction", arn("lambda", `function:${names.worker}`))).toBe(
    false,
  );
  expect(isAllowed(statements, "lambda:UpdateEventSourceMapping", mapping, of(names.relay))).toBe(true);
  expect(isAllowed(statements, "lambda:UpdateEventSourceMapping", mapping, of(names.ventilator))).toBe(false);
  expect(isAllowed(statements, "dynamodb:GetItem", arn("dynamodb", `table/${names.table}`))).toBe(false);
});

test("nobody wakes, and nothing alarms", () => {
  expect(named(run, "scheduler/schedule", "WakerScheduleSchedule").inputs.state).toBe("DISABLED");
  expect(allOf(run, "cloudwatch/metricAlarm")).toEqual([]);
});

test("the breaker is told only to say what it would do, and two requests at once are all that is allowed", () => {
  const { variables } = named(run, "lambda/function", "VentilatorFunction").inputs.environment as {
    variables: Record<string, string>;
  };
  expect(variables.SLUICE_MODE).toBe("attended");
  expect(JSON.parse(variables.SLUICE_PROVIDER ?? "")).toMatchObject({ maxConcurrency: 2 });
});

test("while attached a command holds the mappings open", () => {
  const command = run.resources.find(({ type }) => type === "sst:sst:DevCommand");
  expect(command?.name).toBe("Valve");
});

test("a deployed stage has neither relay nor command", async () => {
  const deployed = await runStage("demo-anna");
  expect(
    deployed.resources.filter(({ name, type }) => name.startsWith("Relay") || type.endsWith("DevCommand")),
  ).toEqual([]);
});

test("nothing that providers share is debugged", async () => {
  await expect(runStage("fleet-anna", "dev")).rejects.toThrow(/Nothing of fleet-anna can be debugged/);
});

test("production is never debugged", async () => {
  await expect(runStage("demo", "dev")).rejects.toThrow(
    /sst dev would replace the functions of demo by stubs.*demo-dev/,
  );
});
