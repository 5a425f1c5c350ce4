import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { namesOf, type ProviderNames } from "@sluice/core/provider";
import { beforeAll, describe, expect, test } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { ROOT } from "./platform.ts";
import { allOf, isAllowed, named, type Statement, statementsOf } from "./resources.ts";

const PREPARING_MS = 300_000;
const providerIds = await listProviderIds();
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;

/** AWS knows no finer resource for these: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ON_EVERYTHING = ["lambda:ListEventSourceMappings"];

describe.each(providerIds)("in the stage of %s", (providerId) => {
  let run: StageRun;
  let names: ProviderNames;
  let statements: Record<"worker" | "ventilator" | "waker", readonly Statement[]>;
  beforeAll(async () => {
    run = await runStage(providerId);
    names = namesOf("production", providerId);
    statements = {
      worker: statementsOf(run, "WorkerRole"),
      ventilator: statementsOf(run, "VentilatorRole"),
      waker: statementsOf(run, "WakerRole"),
    };
  }, PREPARING_MS);

  test("no role has a policy of somebody else's, and only the service that runs it can assume it, for this account", () => {
    for (const { name, inputs } of allOf(run, "iam/role")) {
      expect(inputs.managedPolicyArns ?? [], name).toEqual([]);
      const trust = inputs.assumeRolePolicy;
      const service = name === "WakerScheduleRole" ? "scheduler" : "lambda";
      expect(JSON.parse(typeof trust === "string" ? trust : JSON.stringify(trust)).Statement).toMatchObject([
        {
          Principal: { Service: `${service}.amazonaws.com` },
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ]);
    }
  });

  test("no statement allows an action by wildcard, nor everything where AWS knows something finer", () => {
    const roles = allOf(run, "iam/role").flatMap(({ name }) => statementsOf(run, name));
    const policies = allOf(run, "iam/policy").flatMap(
      ({ inputs }): Statement[] => JSON.parse(String(inputs.policy)).Statement,
    );
    const onEverything = new Set<string>();
    for (const { actions, resources, conditions = [] } of [...roles, ...policies]) {
      expect(actions.filter((action) => action.includes("*"))).toEqual([]);
      if (resources.includes("*")) for (const action of actions) onEverything.add(action);
      const wide = resources.filter((resource) => resource !== "*" && resource.includes("*"));
      // Log streams have names that Lambda makes up; mappings have ids that AWS makes up.
      for (const resource of wide) {
        if (resource.startsWith("arn:aws:logs:"))
          expect(resource).toMatch(/\/aws\/lambda\/sluice-[\w-]+:log-stream:\*$/);
        else expect(conditions).toMatchObject([{ variable: "lambda:FunctionArn" }]);
      }
    }
    expect([...onEverything].toSorted()).toEqual(ON_EVERYTHING);
  });

  test("the waker turns the ventilator's two mappings and no others", () => {
    const turned = statements.waker
      .filter(({ actions }) => actions.includes("lambda:UpdateEventSourceMapping"))
      .flatMap(({ resources }) => resources);
    const own = ["RecordsMapping", "ExpressMapping"].map((name) =>
      arn("lambda", `event-source-mapping:${name}`),
    );
    expect(turned).toEqual(own);
  });

  test("the ventilator turns its own mappings and no others, whatever their ids", () => {
    const mapping = arn("lambda", "event-source-mapping:9f3c");
    const of = (name: string) => ({ "lambda:FunctionArn": arn("lambda", `function:${name}`) });
    const mayTurn = (context: Record<string, string>) =>
      isAllowed(statements.ventilator, "lambda:UpdateEventSourceMapping", mapping, context);
    expect(mayTurn(of(names.ventilator))).toBe(true);
    expect(mayTurn(of("sluice-production-other-ventilator"))).toBe(false);
    expect(mayTurn({})).toBe(false);
  });

  test.each(["ventilator", "waker"] as const)("the %s may neither make nor remove a mapping", (name) => {
    const context = { "lambda:FunctionArn": arn("lambda", `function:${names.ventilator}`) };
    for (const action of ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping"]) {
      const mapping = arn("lambda", "event-source-mapping:RecordsMapping");
      expect(isAllowed(statements[name], action, mapping, context)).toBe(false);
    }
  });

  test("a deploy is done with the worker before those who invoke it: only a new one tells its crashes from its loading", () => {
    const at = (name: string) => run.createdNames.indexOf(`${name}Function`);
    expect(at("Worker")).toBeGreaterThan(-1);
    expect(at("Ventilator")).toBeGreaterThan(at("Worker"));
    expect(at("Waker")).toBeGreaterThan(at("Worker"));
  });

  test("the worker reaches nothing of ours: its own logs are all that it may write", () => {
    const actions = statements.worker.flatMap((statement) => statement.actions);
    expect(actions.toSorted()).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
    expect(isAllowed(statements.worker, "dynamodb:GetItem", arn("dynamodb", `table/${names.table}`))).toBe(
      false,
    );
  });

  test.each(["ventilator", "waker"] as const)(
    "the %s may make every call that its adapters make",
    async (name) => {
      const queue = arn("sqs", names.queues.records);
      const resourceOf: Record<string, string> = {
        "sqs:SendMessage": arn("sqs", names.deadLetterQueue),
        "lambda:InvokeFunction": arn("lambda", `function:${names.worker}`),
      };
      const context = { "lambda:FunctionArn": arn("lambda", `function:${names.ventilator}`) };
      for (const action of await actionsOfAdapters()) {
        const [service = ""] = action.split(":");
        const fallback = {
          sqs: queue,
          dynamodb: arn("dynamodb", `table/${names.table}`),
          lambda: arn("lambda", "event-source-mapping:RecordsMapping"),
        }[service];
        expect(
          isAllowed(statements[name], action, resourceOf[action] ?? fallback ?? "", context),
          action,
        ).toBe(true);
      }
    },
  );

  test("the waker may put a copy of a message in its place; the ventilator, which does not, may not", () => {
    for (const queue of Object.values(names.queues)) {
      expect(isAllowed(statements.waker, "sqs:SendMessage", arn("sqs", queue))).toBe(true);
      expect(isAllowed(statements.ventilator, "sqs:SendMessage", arn("sqs", queue))).toBe(false);
    }
  });

  test("a secret is linked to its worker, and stands in no function's environment", async () => {
    const { worker } = await readProvider(providerId);
    const secrets = run.resources.filter(({ type }) => type === "sst:sst:Secret");
    expect(secrets.map(({ name }) => name)).toEqual(worker.secrets);
    for (const name of worker.secrets) {
      const holders = run.resources.filter(({ inputs }) =>
        JSON.stringify(inputs).includes(`secret of ${name}`),
      );
      expect(holders.map(({ type }) => type)).toEqual(["sst:sst:LinkRef"]);
    }
  });

  test("a function writes its own log group and no other's", () => {
    for (const name of ["worker", "ventilator", "waker"] as const) {
      const stream = (functionName: string) =>
        arn("logs", `log-group:/aws/lambda/${functionName}:log-stream:2026/11/21`);
      expect(isAllowed(statements[name], "logs:PutLogEvents", stream(names[name]))).toBe(true);
      expect(isAllowed(statements[name], "logs:PutLogEvents", stream("somebody-else"))).toBe(false);
    }
  });

  test("a scheduler elsewhere may find the queues and send, keep its runs, and nothing else", () => {
    const { inputs } = named(run, "iam/policy", "SchedulerPolicy");
    expect(inputs.name).toBe(names.schedulerPolicy);
    const [sending, keeping, reading, ...others] = JSON.parse(String(inputs.policy)).Statement as Statement[];
    expect(others).toEqual([]);
    const partition = `$sluice#provider_${providerId}`;
    expect(keeping).toEqual({
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      resources: [arn("dynamodb", `table/${names.table}`)],
      conditions: [
        {
          test: "ForAllValues:StringLike",
          variable: "dynamodb:LeadingKeys",
          values: [`${partition}#runKey_*`, `${partition}#runsOf_*`, `${partition}#list_watched`],
        },
      ],
    });
    expect(reading).toEqual({
      actions: ["dynamodb:GetItem", "dynamodb:Query"],
      resources: [arn("dynamodb", `table/${names.table}`)],
      conditions: [
        {
          test: "ForAllValues:StringLike",
          variable: "dynamodb:LeadingKeys",
          values: [`${partition}#list_contract`, `${partition}#snapshotDay_*`],
        },
      ],
    });
    expect(sending).toMatchObject({
      actions: ["sqs:GetQueueUrl", "sqs:ListQueueTags", "sqs:SendMessage"],
      resources: [arn("sqs", names.queues.records), arn("sqs", names.queues.express)],
    });
  });

  test("the schedule may call the waker and nothing else", () => {
    expect(statementsOf(run, "WakerScheduleRole")).toEqual([
      { actions: ["lambda:InvokeFunction"], resources: [arn("lambda", `function:${names.waker}`)] },
    ]);
  });
});

/** Reads, beside the SDK commands, what ElectroDB sends for the stores' gets, puts and updates. */
async function actionsOfAdapters(): Promise<string[]> {
  const NAMES: Record<string, string> = {
    InvokeCommand: "lambda:InvokeFunction",
    SendMessageBatchCommand: "sqs:SendMessage",
    ChangeMessageVisibilityBatchCommand: "sqs:ChangeMessageVisibility",
  };
  const folder = join(ROOT, "packages/aws/src");
  const actions = new Set(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]);
  for (const file of (await readdir(folder)).filter((each) => /^(sqs-queue|lambda-[\w-]+)\.ts$/.test(each))) {
    const source = await readFile(join(folder, file), "utf8");
    const service = file.startsWith("sqs") ? "sqs" : "lambda";
    for (const [, command = ""] of source.matchAll(/new (\w+Command)\(/g)) {
      actions.add(NAMES[command] ?? `${service}:${command.replace("Command", "")}`);
    }
  }
  expect(actions.size).toBeGreaterThan(8);
  return [...actions];
}
