import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readProvider } from "@sluice/aws/file-catalog";
import { ALARM_NAMES, planOf, variablesBytesOf } from "@sluice/core/deployment";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HERE, OFFLINE, runWith, treeWith } from "./environment-tree.ts";
import { runStage, type StageRun } from "./graph.ts";
import { allOf, isAllowed, named, statementsOf } from "./resources.ts";

const PREPARING_MS = 300_000;
const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const PHONE = "arn:aws:sns:us-east-1:123456789012:phone";
const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";
const VPC = {
  subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d4e5f6a7b8"],
  securityGroupIds: ["sg-0a1b2c3d"],
};

/** The stack is an entry in SST's books, nothing in AWS. */
const NOTHING_CREATED = /created before it failed: \["sluice-\w+-staging"\]/;
const ACME = {
  id: "acme",
  maxConcurrency: 8,
  slowAfterMs: 4_000,
  timeoutMs: 30_000,
  latency: { medianMs: 800, sigma: 0.8, minMs: 50, maxMs: 30_000 },
};

/** All that is known of a run that was refused. */
async function refusalOf(running: Promise<StageRun>): Promise<string> {
  return running.then(
    () => "it was not refused",
    (thrown: Error) => thrown.message,
  );
}

describe("an environment without a file", () => {
  let run: StageRun;
  beforeAll(async () => {
    run = await runStage("demo-staging", "deploy", { tree: await treeWith({}) });
  }, PREPARING_MS);

  test("says what is not pinned", () => {
    expect(run.outputs.environment).toMatch(
      /staging has no environments\/staging\.json: account, region, .* are not pinned/,
    );
  });

  test("has a topic of its own, no network, no boundary, nothing reserved", () => {
    expect(allOf(run, "sns/topic")).toHaveLength(1);
    for (const { inputs } of allOf(run, "lambda/function")) {
      expect(inputs.vpcConfig).toBeUndefined();
      expect(inputs.reservedConcurrentExecutions).toBeUndefined();
    }
    for (const { inputs } of allOf(run, "iam/role")) expect(inputs.permissionsBoundary).toBeUndefined();
    expect(run.settings.providers).toMatchObject({
      aws: expect.not.objectContaining({ region: expect.anything() }),
    });
  });
});

describe("an environment with a full file", () => {
  let run: StageRun;
  beforeAll(async () => {
    run = await runWith({
      ...HERE,
      lambda: { concurrency: 1000 },
      alarms: { topicArn: TOPIC, wake: { topicArn: PHONE, names: ["WakerSilent"] } },
      vpc: VPC,
      permissionsBoundaryArn: BOUNDARY,
      tags: { "cost-center": "4711" },
      retention: { logDays: 90, recoveryDays: 7, keep: true },
      providers: {
        demo: {
          maxConcurrency: 4,
          worker: { environment: { PROVIDER_BASE_URL: "https://sandbox.example" } },
        },
      },
    });
  }, PREPARING_MS);

  test("goes to its account and region alone, with its tags", () => {
    expect(run.settings).toMatchObject({
      providers: {
        aws: {
          region: HERE.region,
          allowedAccountIds: [HERE.accountId],
          defaultTags: {
            tags: { app: "sluice", provider: "demo", environment: "staging", "cost-center": "4711" },
          },
        },
      },
    });
    expect(run.outputs.environment).toBe("environments/staging.json pins account 123456789012 and us-east-1");
  });

  test("sends every alarm to the shared topic, and wakes somebody for those that it names", () => {
    expect(allOf(run, "sns/topic")).toEqual([]);
    expect(run.outputs.alarmTopic).toBe(TOPIC);
    const alarms = allOf(run, "cloudwatch/metricAlarm");
    expect(alarms.map(({ name }) => name.replace(/Alarm$/, "")).toSorted()).toEqual(
      [...ALARM_NAMES].toSorted(),
    );
    for (const { name, inputs } of alarms) {
      expect(inputs.alarmActions, name).toEqual(name === "WakerSilentAlarm" ? [TOPIC, PHONE] : [TOPIC]);
      expect(inputs.okActions, name).toEqual(inputs.alarmActions);
    }
  });

  test("puts the worker, which alone calls out, into the network, and lets Lambda but not its code attach it", () => {
    expect(named(run, "lambda/function", "WorkerFunction").inputs.vpcConfig).toEqual(VPC);
    for (const name of ["Ventilator", "Waker"]) {
      expect(named(run, "lambda/function", `${name}Function`).inputs.vpcConfig).toBeUndefined();
    }
    expect(named(run, "iam/role", "WorkerRole").inputs.managedPolicyArns).toEqual([]);
    const statements = statementsOf(run, "WorkerRole");
    expect(isAllowed(statements, "ec2:CreateNetworkInterface", "*")).toBe(true);
    expect(statements.filter(({ effect }) => effect === "Deny")).toMatchObject([
      {
        actions: expect.arrayContaining(["ec2:CreateNetworkInterface", "ec2:DescribeSubnets"]),
        conditions: [{ variable: "lambda:SourceFunctionArn", values: [expect.stringContaining("-worker")] }],
      },
    ]);
  });

  test("bounds every role", () => {
    const roles = allOf(run, "iam/role");
    expect(roles.length).toBeGreaterThan(3);
    for (const { name, inputs } of roles) expect(inputs.permissionsBoundary, name).toBe(BOUNDARY);
  });

  test("keeps logs and table as long as it says, and the data when it is removed", () => {
    for (const { inputs } of allOf(run, "cloudwatch/logGroup")) expect(inputs.retentionInDays).toBe(90);
    expect(named(run, "dynamodb/table", "TableTable").inputs).toMatchObject({
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
      deletionProtectionEnabled: true,
    });
    expect(run.settings).toMatchObject({ removal: "retain", protect: true });
    for (const { options } of allOf(run, "sqs/queue")) expect(options.retainOnDelete).toBe(true);
  });

  test("hands its overrides of the provider to every function", () => {
    for (const name of ["Ventilator", "Worker", "Waker"]) {
      const { variables } = named(run, "lambda/function", `${name}Function`).inputs.environment as {
        variables: Record<string, string>;
      };
      expect(JSON.parse(variables.SLUICE_PROVIDER ?? "")).toMatchObject({
        id: "demo",
        maxConcurrency: 4,
        slowAfterMs: 1000,
      });
    }
    const worker = named(run, "lambda/function", "WorkerFunction").inputs.environment;
    expect(worker).toMatchObject({
      variables: { PROVIDER_BASE_URL: "https://sandbox.example", SLOW_PERCENTAGE: "0" },
    });
  });
});

test.each([1, 500])(
  "X = %d of an override is what is reserved, and the mappings begin at the floor",
  async (x) => {
    const demo = { maxConcurrency: x };
    const run = await runWith({ ...HERE, lambda: { concurrency: 2_000 }, providers: { demo } });
    expect(named(run, "lambda/function", "WorkerFunction").inputs.reservedConcurrentExecutions).toBe(x);
    const mappings = allOf(run, "lambda/eventSourceMapping");
    expect(mappings.map(({ inputs }) => inputs.scalingConfig)).toEqual([
      { maximumConcurrency: 2 },
      { maximumConcurrency: 2 },
    ]);
    for (const { inputs } of allOf(run, "sqs/queue").filter(({ name }) => !name.startsWith("DeadLetter"))) {
      expect(inputs.tags).toEqual({ "sluice:max-concurrency": String(x) });
    }
  },
);

test("a dry run calls nobody, and so takes nothing of the X that production has whole", async () => {
  const tree = await treeWith({ production: HERE, dryrun2: HERE });
  const run = await runStage("slowpoke-dryrun2", "deploy", { tree, variables: OFFLINE });
  expect(allOf(run, "sqs/queue")).toHaveLength(3);
  expect(run.outputs.environment).toMatch(/environments\/dryrun2\.json pins account/);
});

test("X is reserved for the worker and one round for the waker; the ventilator takes what is left", async () => {
  const reservedOf = async (lambda: object) => {
    const run = await runWith({ ...HERE, lambda });
    return ["Worker", "Waker", "Ventilator"].map(
      (name) => named(run, "lambda/function", `${name}Function`).inputs.reservedConcurrentExecutions,
    );
  };
  expect(await reservedOf({ concurrency: 1000 })).toEqual([10, 1, undefined]);
  expect(await reservedOf({ concurrency: 10, reserve: false })).toEqual([undefined, undefined, undefined]);
});

describe("a deploy that does not fit is refused, and nothing is created", () => {
  test("providers that need more together than the account has", async () => {
    const slowpoke = {
      maxConcurrency: 50,
      worker: { environment: { PROVIDER_BASE_URL: "https://sandbox.example" } },
    };
    const fitting = await runWith({ ...HERE, lambda: { concurrency: 162 }, providers: { slowpoke } });
    expect(allOf(fitting, "sqs/queue")).toHaveLength(3);
    const refusal = await refusalOf(
      runWith({ ...HERE, lambda: { concurrency: 128 }, providers: { slowpoke } }),
    );
    expect(refusal).toContain(
      "The providers of account 123456789012 in us-east-1 need 162 concurrent invocations (slowpoke in staging 106, demo in staging 23",
    );
    expect(refusal).toContain("Ask AWS for 162: Service Quotas, AWS Lambda, Concurrent executions");
    expect(refusal).toMatch(NOTHING_CREATED);
  });

  test("two environments that call one API, and together more than it allows", async () => {
    const tree = await treeWith({ production: HERE, staging: HERE });
    const refusal = await refusalOf(runStage("slowpoke-staging", "deploy", { tree, variables: OFFLINE }));
    expect(refusal).toContain(
      "slowpoke allows 1 requests at once, and its environments at https://slowpoke.example take 2: production 1, staging 1",
    );
    expect(refusal).toMatch(NOTHING_CREATED);
  });

  test("an override of a provider that is none, which would leave the real one as it is", async () => {
    const refusal = await refusalOf(runWith({ ...HERE, providers: { demos: { maxConcurrency: 1 } } }));
    expect(refusal).toContain(
      "environments/staging.json names demos, which no provider is: there are demo, slowpoke",
    );
    expect(refusal).toMatch(NOTHING_CREATED);
  });

  test("an override that is out of its range", async () => {
    const refusal = await refusalOf(runWith({ ...HERE, providers: { demo: { maxConcurrency: 0 } } }));
    expect(refusal).toMatch(
      /demo\.json with environments\/staging\.json is invalid:\n {2}maxConcurrency must be a whole number from 1 to 1000, received 0/,
    );
    expect(refusal).toMatch(NOTHING_CREATED);
  });

  test("a provider that its environment does without", async () => {
    const refusal = await refusalOf(runWith({ ...HERE, without: ["demo"] }));
    expect(refusal).toContain("environments/staging.json names demo under without");
    expect(refusal).toMatch(NOTHING_CREATED);
  });

  test("a worker without the address that it calls, with or without a file", async () => {
    const tree = await treeWith({}, { acme: { ...ACME, worker: { name: "http-json" } } });
    const refusal = await refusalOf(runStage("acme", "deploy", { tree }));
    expect(refusal).toContain("acme has no address: set worker.environment.PROVIDER_BASE_URL in acme.json");
    expect(refusal).toMatch(/created before it failed: \["sluice-acme"\]/);
  });

  test("variables that Lambda would not take", async () => {
    const note = { worker: { environment: { NOTE: "x".repeat(3_900) } } };
    const refusal = await refusalOf(runWith({ ...HERE, providers: { demo: note } }));
    expect(refusal).toMatch(
      /The variables of sluice-staging-demo-worker have \d+ bytes, and Lambda takes 4096/,
    );
    expect(refusal).toMatch(NOTHING_CREATED);
  });
});

test.each(["demo", "slowpoke"])(
  "the variables of %s are no longer than a deploy reckons with",
  async (id) => {
    const run = await runStage(id);
    const provider = await readProvider(id);
    const place = { accountId: HERE.accountId, region: HERE.region };
    for (const { name, inputs } of allOf(run, "lambda/function")) {
      const { variables } = inputs.environment as { variables: Record<string, string> };
      const length = new TextEncoder().encode(Object.entries(variables).flat().join("")).length;
      const key = name.replace(/Function$/, "").toLowerCase() as "ventilator" | "worker" | "waker";
      const reckoned = variablesBytesOf(planOf(provider, "production"), key, id, place);
      // The mocks make no key for the secrets' file.
      expect(reckoned - length, name).toBe("SST_KEY".length + 44);
    }
  },
);

describe("a deploy that would go elsewhere is refused, and nothing is created", () => {
  const elsewhere = { ...HERE, accountId: "999999999999" };
  let sts: Server;
  beforeAll(async () => {
    sts = createServer((request, response) => {
      request.resume();
      response.setHeader("content-type", "text/xml");
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::123456789012:user/anna</Arn><UserId>A</UserId><Account>123456789012</Account>
        </GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    });
    await new Promise<void>((ready) => sts.listen(0, "127.0.0.1", ready));
  });
  afterAll(() => sts.close());

  const answered = () => ({
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    AWS_REGION: "us-east-1",
  });

  test("the credentials of another account, before SST has touched it", async () => {
    const refusal = await refusalOf(runWith(elsewhere, "demo-staging", answered()));
    expect(refusal).toMatch(
      /demo-staging is not deployed, and nothing was created:\n {2}The credentials are of account 123456789012; environments\/staging\.json says 999999999999/,
    );
    expect(refusal).toMatch(/at .*app/);
    expect(refusal).not.toContain("runInPulumiStack");
  });

  test("the right credentials are let through", async () => {
    const run = await runWith(HERE, "demo-staging", answered());
    expect(allOf(run, "sqs/queue")).toHaveLength(3);
  });

  test("another region that the environment variables name", async () => {
    const refusal = await refusalOf(runWith(HERE, "demo-staging", { AWS_REGION: "eu-central-1" }));
    expect(refusal).toMatch(/The region is eu-central-1; environments\/staging\.json says us-east-1/);
    expect(refusal).toMatch(/at .*app/);
  });

  test("a variable that is left empty names no region", async () => {
    const run = await runWith(HERE, "demo-staging", { AWS_REGION: "", AWS_DEFAULT_REGION: "" });
    expect(allOf(run, "sqs/queue")).toHaveLength(3);
    const refusal = await refusalOf(
      runWith(HERE, "demo-staging", { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-central-1" }),
    );
    expect(refusal).toMatch(/The region is eu-central-1; environments\/staging\.json says us-east-1/);
  });

  test("another account where nobody could be asked before, by the program's first question", async () => {
    const refusal = await refusalOf(runWith(elsewhere));
    expect(refusal).toMatch(
      /The credentials are of account 123456789012; environments\/staging\.json says 999999999999/,
    );
    expect(refusal).toMatch(NOTHING_CREATED);
  });
});

describe("a file of which nothing can be read is refused before SST has touched anything", () => {
  const refusalAt = async (write: (file: string) => Promise<unknown>) => {
    const tree = await treeWith({});
    await write(join(tree, "environments", "staging.json"));
    return refusalOf(runStage("demo-staging", "deploy", { tree, variables: OFFLINE }));
  };

  test.each([
    ["an empty one", (file: string) => writeFile(file, ""), "the file must be JSON in UTF-8, and is empty"],
    ["a folder in its place", (file: string) => mkdir(file), "the file is a folder"],
  ])("%s", async (_what, write, problem) => {
    const refusal = await refusalAt(write);
    expect(refusal).toContain(`Environment environments/staging.json is invalid:\n  ${problem}. The least`);
    expect(refusal).not.toContain("created before it failed");
  });

  test("one with a byte order mark is like one without", async () => {
    const tree = await treeWith({});
    await writeFile(join(tree, "environments", "staging.json"), `\uFEFF${JSON.stringify(HERE)}`);
    const run = await runStage("demo-staging", "deploy", { tree, variables: OFFLINE });
    expect(run.outputs.environment).toMatch(/pins account 123456789012/);
  });

  test("an option that is none", async () => {
    const refusal = await refusalOf(runWith({ ...HERE, acountId: "123456789012" }));
    expect(refusal).toContain("environments/staging.json is invalid:\n  acountId is not an option");
    expect(refusal).not.toContain("created before it failed");
  });
});

test("a file that can't be used is refused, with its name, its field and what is legal", async () => {
  const refusal = await refusalOf(
    runWith({ ...HERE, accountId: 12, alarms: { wake: { topicArn: TOPIC, names: ["Fire"] } } }),
  );
  expect(refusal).toMatch(
    /Environment environments\/staging\.json is invalid:\n {2}accountId must be the 12 digits of an AWS account, as text, received 12\n {2}alarms\.wake\.names\.0 must be one of BreakerOpen, .*, received "Fire"/,
  );
});
