import { beforeAll, describe, expect, test } from "vitest";
import { HERE, OFFLINE, runWith, treeWith } from "./environment-tree.ts";
import { runStage, type StageRun } from "./graph.ts";
import { arn } from "./iam-calls.ts";
import { allOf, isAllowed, named, statementsOf } from "./resources.ts";

const PREPARING_MS = 300_000;

describe.each([
  ["a bus of its own", { bus: "sluice" }, "sluice", ["sluice"]],
  ["the account's bus", { bus: "default" }, "default", []],
  ["no word about it", {}, "default", []],
])("an environment with %s", (_, file, bus, made) => {
  let fleet: StageRun;
  let demo: StageRun;
  beforeAll(async () => {
    fleet = await runWith({ ...HERE, ...file }, "fleet-staging");
    demo = await runWith({ ...HERE, ...file }, "demo-staging");
  }, PREPARING_MS);

  test("has it made once, by the stage that its providers share", () => {
    expect(allOf(fleet, "cloudwatch/eventBus").map(({ inputs }) => inputs.name)).toEqual(made);
    expect(allOf(demo, "cloudwatch/eventBus")).toEqual([]);
    expect(fleet.outputs.eventBus).toEqual(made.length === 0 ? undefined : expect.stringContaining("sluice"));
  });

  test.each(["Ventilator", "Waker"])("tells it, and no other, from the %s", (name) => {
    const { environment } = named(demo, "lambda/function", `${name}Function`).inputs;
    expect(environment).toMatchObject({ variables: { SLUICE_EVENT_BUS: bus } });
    const mayPut = (busName: string, source: string) =>
      isAllowed(
        statementsOf(demo, `${name}Role`),
        "events:PutEvents",
        arn("events", `event-bus/${busName}`),
        {
          "events:source": source,
        },
      );
    expect(mayPut(bus, "sluice")).toBe(true);
    expect(mayPut(bus, "aws.ec2")).toBe(false);
    expect(mayPut(bus === "default" ? "sluice" : "default", "sluice")).toBe(false);
  });

  test("lets the worker tell nobody", () => {
    const actions = statementsOf(demo, "WorkerRole").flatMap((statement) => statement.actions);
    expect(actions.filter((action) => action.startsWith("events:"))).toEqual([]);
  });
});

test(
  "a bus goes with its environment, unless the environment's data is kept",
  async () => {
    const retained = async (keep: boolean) => {
      const run = await runWith({ ...HERE, bus: "sluice", retention: { keep } }, "fleet-staging");
      return named(run, "cloudwatch/eventBus", "EventBus").options.retainOnDelete;
    };
    expect([await retained(true), await retained(false)]).toEqual([true, false]);
  },
  PREPARING_MS,
);

test(
  "a provider whose bus is not there yet is not deployed: its events would go nowhere",
  async () => {
    const refusal = await runWith({ ...HERE, bus: "sluice" }, "demo-staging", {
      EVENT_BUS_IS_MISSING: "1",
    }).then(
      () => "it was not refused",
      (thrown: Error) => thrown.message,
    );
    expect(refusal).toContain(
      "The bus sluice can't be found in us-east-1. Deploy fleet-staging first, which makes it.",
    );
    expect(refusal).toContain('created before it failed: ["sluice-demo-staging"]');
  },
  PREPARING_MS,
);

test(
  "two environments that would make the same bus are refused, and nothing is created",
  async () => {
    const file = { ...HERE, bus: "sluice" };
    const tree = await treeWith({ production: file, staging: file, trial: { ...HERE, bus: "sluice-trial" } });
    const run = (stage: string) => runStage(stage, "deploy", { tree, variables: OFFLINE });
    await expect(run("fleet")).rejects.toThrow(
      /environments\/production\.json and staging\.json both name the bus sluice in us-east-1/,
    );
    expect(allOf(await run("fleet-trial"), "cloudwatch/eventBus")).toHaveLength(1);
  },
  PREPARING_MS,
);
