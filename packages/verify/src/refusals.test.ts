import { CreateQueueCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { parseEnvironment } from "@sluice/core/deployment";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallFailed } from "./call-failed.ts";
import { runVerify } from "./command.ts";
import type { CommandDeps } from "./command-deps.ts";
import { EMBEDDED_PLACE, type EmbeddedAccount, startEmbeddedAccount } from "./fakes/embedded-account.ts";
import { fakeSurroundings } from "./fakes/fake-surroundings.ts";
import { QUICK_TIMING } from "./fakes/quick-timing.ts";
import { parseVerifyOptions } from "./options.ts";
import type { Account } from "./ports/account.ts";
import { RESOURCE_KINDS } from "./ports/resource.ts";
import { PREFIX, runNamesOf, TAG } from "./run-names.ts";
import type { Surroundings } from "./surroundings.ts";

const names = runNamesOf("4e5f6071-0000-4000-8000-000000000000");
const { direct, deadLetters } = names.bench("queues");
const environment = parseEnvironment(EMBEDDED_PLACE, "trial", "environments/trial.json");

let embedded: EmbeddedAccount;
beforeAll(async () => {
  embedded = await startEmbeddedAccount({ suffix: names.suffix, tags: {} });
});
afterAll(() => embedded.stop());

const optionsOf = (...args: string[]) => parseVerifyOptions(["--environment", "trial", ...args]);

/** Runs the command; what is left out is as it should be. */
async function run(
  args: readonly string[],
  around: Partial<Surroundings> = {},
  changes: Partial<CommandDeps> = {},
) {
  const surroundings = fakeSurroundings(around);
  const deps = { environment, account: embedded.account, names, timing: QUICK_TIMING, surroundings };
  const code = await runVerify({ ...deps, ...changes }, optionsOf(...args));
  return { code, told: surroundings.told.join("\n"), printed: surroundings.printed.join("") };
}

async function whatIsThere(): Promise<readonly string[]> {
  const { remover } = embedded.account;
  const found = await Promise.all(RESOURCE_KINDS.map((kind) => remover.find(kind, PREFIX)));
  return found.flat().map(({ name }) => name);
}

const denied = (action: string) => () =>
  Promise.reject(new CallFailed(action, Object.assign(new Error("no"), { name: "AccessDenied" })));

const ONE = ["--yes", "--only", "late-deletion"];

test("an interruption is told where a call fails before it is seen", async () => {
  const interruption = new AbortController();
  const queues: Account["queues"] = {
    ...embedded.account.queues,
    create() {
      interruption.abort();
      return denied("sqs:CreateQueue")();
    },
  };
  const account = { ...embedded.account, queues };
  const { code, told } = await run(ONE, { interrupt: interruption.signal }, { account });
  expect(code).toBe(130);
  expect(told).toContain("Interrupted: removing what was made.");
  expect(await whatIsThere()).toEqual([]);
});

describe("nothing is made", () => {
  test.each<[what: string, args: string[], around: Partial<Surroundings>, account: string, message: RegExp]>([
    ["with the credentials of another account", ONE, {}, "123456789012", /says 123456789012/],
    ["in another region", ONE, { variables: { AWS_REGION: "eu-west-1" } }, "", /region is eu-west-1/],
    ["where nobody can be asked", ["--only", "late-deletion"], {}, "", /add --yes/],
    ["unless it is wanted", [], { isTerminal: true, ask: async () => "no" }, "", /Nothing has changed/],
    ["if the question is not answered", [], { isTerminal: true }, "", /Nothing has changed/],
  ])("%s", async (_, args, around, accountId, message) => {
    const pinned = accountId === "" ? environment : { ...environment, accountId };
    await expect(run(args, around, { environment: pinned })).rejects.toThrow(message);
    expect(await whatIsThere()).toEqual([]);
  });
});

test("a person at the terminal is told account, region, names, duration and cost before he is asked", async () => {
  const told: string[] = [];
  const ask = async () => {
    expect(told.join("\n")).toMatch(
      /account 000000000000, region us-east-1.*sluice-verify-4e5f6071-.*minutes, at most \d+ minutes and \$\d+\.\d\d/s,
    );
    return "y";
  };
  const { code } = await run(["--only", "late-deletion"], {
    isTerminal: true,
    ask,
    tell: (line) => void told.push(line),
  });
  expect(code).toBe(0);
});

test("what AWS refuses is told with the permission that it needs, and the rest is measured", async () => {
  const { functions } = embedded.account;
  const account: Account = {
    ...embedded.account,
    functions: { ...functions, createRole: denied("iam:CreateRole") },
  };
  const args = ["--yes", "--json", "--only", "updates", "late-deletion"];
  const { code, told, printed } = await run(args, {}, { account });
  expect(code).toBe(1);
  expect(told).toMatch(/updates was not measured: iam:CreateRole: AccessDenied: .*need iam:CreateRole/);
  const outcomes = JSON.parse(printed).findings.map(
    ({ row, outcome }: { row: string; outcome: { kind: string } }) => `${row} ${outcome.kind}`,
  );
  expect(outcomes).toEqual(expect.arrayContaining(["late-deletion holds", "update-time not-measured"]));
  expect(await whatIsThere()).toEqual([]);
});

test("a bug in a measurement is shown as one, and nothing is left", async () => {
  const { queues } = embedded.account;
  const receive = async () => {
    throw new TypeError("a bug");
  };
  const account = { ...embedded.account, queues: { ...queues, receive } };
  await expect(run(ONE, {}, { account })).rejects.toThrow(TypeError);
  expect(await whatIsThere()).toEqual([]);
});

test("a file that can't be written is refused before anything is made", async () => {
  await expect(run([...ONE, "--output", "/nowhere/measured.json"])).rejects.toThrow(/can't be written to/);
  expect(await whatIsThere()).toEqual([]);
});

test("what can't be removed is told, and removed by a later --clean, with nothing else", async () => {
  const { remover } = embedded.account;
  const failing = { ...remover, remove: denied("sqs:DeleteQueue") };
  const account = { ...embedded.account, remover: failing };
  const { code, told, printed } = await run([...ONE, "--json"], {}, { account });
  expect(code).toBe(1);
  expect(JSON.parse(printed).leftovers.map(({ resource }: { resource: object }) => resource)).toEqual([
    { kind: "queue", name: deadLetters },
    { kind: "queue", name: direct },
  ]);
  expect(told).toMatch(/queue sluice-verify-4e5f6071-queues-direct\.fifo is still there: .*sqs:DeleteQueue/);
  expect(told).toContain("--clean");
  expect(await whatIsThere()).toEqual([deadLetters, direct]);

  const others = await makeOthers();
  const cleaned = await run(["--yes", "--clean"]);
  expect(cleaned.code).toBe(0);
  expect(await whatIsThere()).toEqual([]);
  for (const QueueName of others)
    expect(await embedded.clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).toHaveProperty("QueueUrl");
  expect((await run(["--yes", "--clean"])).told).toContain("has nothing named sluice-verify-");
});

/** Queues that look like a run's by their name alone, or by their tag alone. */
async function makeOthers(): Promise<readonly string[]> {
  const others = [`${PREFIX}4e5f6071-mine.fifo`, `${PREFIX}11111111-theirs.fifo`, "records.fifo"];
  const tags = [{}, { [TAG]: names.suffix }, { [TAG]: names.suffix }];
  for (const [at, QueueName] of others.entries()) {
    const Attributes = { FifoQueue: "true" };
    const command = new CreateQueueCommand({ QueueName, Attributes, tags: { ...tags[at] } });
    await embedded.clients.sqs.send(command);
  }
  return others;
}
