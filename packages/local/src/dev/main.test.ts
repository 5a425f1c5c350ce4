import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CreateEventSourceMappingCommand, GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { lambdaVariables } from "@sluice/testing/lambda-variables";
import { startRawServer } from "@sluice/testing/raw-server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const WAIT = { timeout: 20_000 };

let harness: LambdaHarness;
let queueArns: string[];
let mappings: (string | undefined)[];
beforeAll(async () => {
  harness = await startLambdaHarness();
  await harness.deploy("relay", "export const handler = async () => null;");
  const queues = await Promise.all(["records.fifo", "express.fifo"].map((name) => harness.createQueue(name)));
  queueArns = queues.map(({ arn }) => arn);
  const created = await Promise.all(
    queueArns.map((EventSourceArn) =>
      harness.client.send(
        new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName: "relay", Enabled: false }),
      ),
    ),
  );
  mappings = created.map(({ UUID }) => UUID);
});
afterAll(() => harness.stop());
beforeEach(() => reach("Disabled"));

const read = () =>
  Promise.all(mappings.map((UUID) => harness.client.send(new GetEventSourceMappingCommand({ UUID }))));
const states = async () => (await read()).map(({ State }) => State);
const reach = (state: string) => expect.poll(states, WAIT).toEqual([state, state]);

/** The command's environment, for a Lambda at `endpoint`. */
function variablesFor(endpoint: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...lambdaVariables(endpoint),
    SLUICE_RELAY: "relay",
    SLUICE_RECORDS_QUEUE_ARN: queueArns[0],
    SLUICE_EXPRESS_QUEUE_ARN: queueArns[1],
  };
}

interface Started {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }>;
}

function start(env: NodeJS.ProcessEnv, args: readonly string[] = []): Started {
  const child = spawn(process.execPath, [MAIN, ...args], { env });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    printed.stderr += text;
  });
  return { child, ended: once(child, "close").then(([code]) => ({ code, ...printed })) };
}

const startAttending = () => start(variablesFor(harness.service.endpoint));

test.each<[what: string, depart: (child: ChildProcess) => void]>([
  ["Ctrl-C", (child) => child.kill("SIGINT")],
  ["SIGTERM", (child) => child.kill("SIGTERM")],
  ["a closed terminal", (child) => child.kill("SIGHUP")],
  ["the end of stdin", (child) => child.stdin?.end()],
  [
    "SIGTERM when nobody reads any more what it prints",
    (child) => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.kill("SIGTERM");
    },
  ],
])("opens the mappings, and shuts them at %s", async (_, depart) => {
  const { child, ended } = startAttending();
  await reach("Enabled");
  for (const { BatchSize, ScalingConfig } of await read()) {
    expect([BatchSize, ScalingConfig]).toEqual([1, { MaximumConcurrency: 2 }]);
  }
  depart(child);
  expect((await ended).code).toBe(0);
  await reach("Disabled");
});

test("says what it does", async () => {
  const { child, ended } = startAttending();
  await reach("Enabled");
  child.kill("SIGTERM");
  const { stdout, stderr } = await ended;
  expect(stdout).toContain("Opening the mappings to relay until this command ends.\n");
  for (const line of ["records: opening", "express: opening", "records: shut", "express: shut"]) {
    expect(stdout).toContain(`${line}\n`);
  }
  expect(stderr).toBe("");
});

test("shuts the mappings when whoever started it is gone, and ends", async () => {
  const script = `"${process.execPath}" "${MAIN}" </dev/null & echo $!; wait`;
  const shell = spawn("sh", ["-c", script], { env: variablesFor(harness.service.endpoint) });
  // The command has the shell's output too, so that it closes when both have ended.
  let hasEnded = false;
  shell.on("close", () => {
    hasEnded = true;
  });
  const [id] = await once(shell.stdout.setEncoding("utf8"), "data");
  try {
    await reach("Enabled");
    shell.kill("SIGKILL");
    await reach("Disabled");
    await expect.poll(() => hasEnded, WAIT).toBe(true);
  } finally {
    if (!hasEnded) process.kill(Number.parseInt(id, 10), "SIGKILL");
  }
});

test("a second Ctrl-C ends it at once, whatever AWS does", async () => {
  const lambda = await startRawServer(() => {});
  const { child, ended } = start(variablesFor(lambda.url));
  await expect.poll(() => lambda.paths.length, WAIT).toBeGreaterThan(0);
  const pressing = setInterval(() => child.kill("SIGINT"), 300);
  const { code } = await ended;
  clearInterval(pressing);
  expect(code).toBe(130);
  await lambda.stop();
});

test.each([
  ["SLUICE_RELAY", undefined],
  ["SLUICE_RECORDS_QUEUE_ARN", undefined],
  ["SLUICE_EXPRESS_QUEUE_ARN", "express.fifo"],
])("with %s = %s it names the variable and says what to do, and exits 2", async (name, value) => {
  const { ended } = start({ ...variablesFor(harness.service.endpoint), [name]: value });
  const { code, stderr } = await ended;
  expect(stderr).toContain(name);
  expect(stderr).toContain("`sst dev` starts this command in a pane of its own");
  expect(code).toBe(2);
});

test.each([
  [["--help"], 0, "stdout"],
  [["records"], 2, "stderr"],
  [["--fast"], 2, "stderr"],
] as const)("%j prints the usage and exits %i", async (args, code, stream) => {
  const ended = await start(variablesFor(harness.service.endpoint), args).ended;
  expect(ended[stream]).toContain("Usage: npm run attend");
  expect(ended[stream]).toContain("SLUICE_RELAY");
  expect(ended.code).toBe(code);
  expect(await states()).toEqual(["Disabled", "Disabled"]);
});
