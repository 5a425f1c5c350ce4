import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { namesOf } from "@sluice/core/provider";
import { createSqsClientFor, type Emulator, startSqs } from "@sluice/local/cloud";
import { demoProvider } from "@sluice/testing/demo-provider";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createQueues, startTables, takeAll } from "./provider-queues.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGE = join(ROOT, "packages/scheduler");
const run = promisify(execFile);
const { records: recordsQueue } = namesOf("production", "demo").queues;

let folder: string;
let server: Emulator;
let tables: Emulator;
let client: SQSClient;
beforeAll(async () => {
  // As another team has it: packed, and installed where nothing of this repository is in sight.
  folder = await mkdtemp(join(tmpdir(), "sluice-scheduler-"));
  await run("npm", ["run", "build:scheduler", "--silent"], { cwd: ROOT });
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: PACKAGE });
  const [tarball = ""] = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "another-team", private: true }));
  await run("npm", ["install", "--no-audit", "--no-fund", `./${tarball}`], { cwd: folder });
  server = await startSqs();
  tables = await startTables("sluice-production-demo");
  client = createSqsClientFor(server.url, "eu-central-1");
}, 180_000);
beforeEach(() => createQueues(client, demoProvider(), "production"));
afterAll(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await server.stop();
  await tables.stop();
  await rm(folder, { recursive: true });
});

const USE = `
  const scheduler = await createScheduler({ provider: "demo" });
  const { runId, accepted } = await scheduler.enqueue(["a", "b"], { runId: RUN });
  const { state, open } = await scheduler.run(runId);
  const problem = await scheduler.enqueue(["b"], { runId: RUN }).catch((error) => error);
  console.log(JSON.stringify({ accepted, state, open, code: problem.code, isOwn: problem instanceof RunRefused }));
`;

test.each([
  [
    "ESM",
    "use.mjs",
    `import { createScheduler, RunRefused } from "@sluice/scheduler"; const RUN = "esm"; ${USE}`,
  ],
  [
    "CommonJS",
    "use.cjs",
    `const { createScheduler, RunRefused } = require("@sluice/scheduler"); const RUN = "cjs"; (async () => {${USE}})();`,
  ],
])("the tarball enqueues from plain JavaScript, as %s", async (_, file, source) => {
  await writeFile(join(folder, file), source);
  const before = (await takeAll(client, recordsQueue)).length;
  expect(before).toBe(0);
  const { stdout } = await run(await oldestNode(), [file], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_SQS: server.url,
      AWS_ENDPOINT_URL_DYNAMODB: tables.url,
    },
  });
  expect(JSON.parse(stdout)).toEqual({
    accepted: 2,
    state: "open",
    open: 2,
    code: "run-refused",
    isOwn: true,
  });
  expect((await takeAll(client, recordsQueue)).map(({ recordId }) => recordId).toSorted()).toEqual([
    "a",
    "b",
  ]);
});

test("it brings no test, no source, and no package but the AWS clients that it uses", async () => {
  const files = await readdir(join(folder, "node_modules/@sluice/scheduler"), { recursive: true });
  expect(files.filter((file) => /\.(m|c)?[jt]s$/.test(file)).toSorted()).toEqual([
    "dist/index.cjs",
    "dist/index.d.cts",
    "dist/index.d.mts",
    "dist/index.mjs",
  ]);
  const { dependencies } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) expect(name).toMatch(/^@(aws-sdk|smithy)\//);
  for (const file of ["dist/index.mjs", "dist/index.d.mts"]) {
    const text = await readFile(join(folder, "node_modules/@sluice/scheduler", file), "utf8");
    expect(text).not.toMatch(/from "@sluice\/|require\("@sluice\//);
  }
});

test.each(["nodenext", "bundler"])(
  "its types are whole, with modules resolved as %s does",
  async (moduleResolution) => {
    const use = `import { createScheduler, type RunStatus } from "@sluice/scheduler";
    export const status: Promise<RunStatus | undefined> = createScheduler({ provider: "acme" }).then((s) => s.run("x"));\n`;
    await writeFile(join(folder, "use.ts"), use);
    const module = moduleResolution === "nodenext" ? "nodenext" : "esnext";
    const options = {
      strict: true,
      noEmit: true,
      target: "es2022",
      module,
      moduleResolution,
      skipLibCheck: true,
      types: [],
    };
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, files: ["use.ts"] }),
    );
    const child = spawn(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const printed: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => printed.push(text));
    const [code] = await once(child, "close");
    expect({ code, printed }).toEqual({ code: 0, printed: [] });
  },
);

/** The machine's own Node, which is older than the project's; the project's where there is no other. */
async function oldestNode(): Promise<string> {
  const folders = (process.env.PATH ?? "").split(":").filter((path) => !path.includes("node_modules"));
  for (const path of folders) {
    const node = join(path, "node");
    const found = await run(node, ["--version"]).catch(() => undefined);
    if (found !== undefined) return node;
  }
  return process.execPath;
}
