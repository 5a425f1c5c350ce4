import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "@sluice/aws/system-clock";
import { namesOf } from "@sluice/core/provider";
import { createLedger } from "@sluice/core/runs";
import { createSchedulerStores } from "@sluice/core/storage";
import { demoProvider } from "@sluice/testing/demo-provider";
import { silentLog } from "@sluice/testing/silent-log";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  codeFilesOf,
  type InstalledScheduler,
  installScheduler,
  oldestNode,
  PACKAGE,
  ROOT,
  snippetsOf,
} from "./installed-scheduler.ts";
import { createQueues, takeAll } from "./provider-queues.ts";

const TABLES = ["sluice-production-demo", "sluice-staging-demo", "sluice-production-acme"];
const queuesOf = (environment: string, id = "demo") => namesOf(environment, id).queues;

let installed: InstalledScheduler;
beforeAll(async () => {
  installed = await installScheduler(...TABLES);
}, 180_000);
beforeEach(async () => {
  for (const environment of ["production", "staging"]) {
    await createQueues(installed.client, demoProvider(), environment);
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await installed.stop();
});

const idsIn = async (queue: string) =>
  (await takeAll(installed.client, queue)).map(({ recordId }) => recordId).toSorted();

describe("the tarball", () => {
  const USE = `
  const scheduler = await createScheduler({ provider: "demo" });
  const { runId, accepted } = await scheduler.enqueue(["a", "b"], { runId: RUN });
  const { state, open } = await scheduler.run(runId);
  const problem = await scheduler.enqueue(["b"], { runId: RUN }).catch((error) => error);
  const unknown = await scheduler.record("a").catch((error) => error.code);
  console.log(JSON.stringify({ accepted, state, open, code: problem.code, isOwn: problem instanceof RunRefused, unknown }));
`;

  const WAIT = `
  const scheduler = await createScheduler({ provider: "acme" });
  const { runId } = await scheduler.enqueue(["a", "b"], { runId: RUN });
  const { state, counts } = await scheduler.wait(runId);
  console.log(JSON.stringify({ state, fetched: counts.fetched }));
`;
  const MODULES = [
    [
      "ESM",
      "use.mjs",
      (code: string) =>
        `import { createScheduler, RunRefused } from "@sluice/scheduler"; const RUN = "esm"; ${code}`,
    ],
    [
      "CommonJS",
      "use.cjs",
      (code: string) =>
        `const { createScheduler, RunRefused } = require("@sluice/scheduler"); const RUN = "cjs"; (async () => {${code}})();`,
    ],
  ] as const;

  test.each(MODULES)("enqueues from plain JavaScript, as %s", async (_, file, sourceOf) => {
    await writeFile(join(installed.folder, file), sourceOf(USE));
    expect(await idsIn(queuesOf("production").records)).toEqual([]);
    expect(JSON.parse(await installed.run(await oldestNode(), [file]))).toEqual({
      accepted: 2,
      state: "open",
      open: 2,
      code: "run-refused",
      isOwn: true,
      unknown: "contract-unknown",
    });
    expect(await idsIn(queuesOf("production").records)).toEqual(["a", "b"]);
  });

  test.each(MODULES)("waits for its run from plain JavaScript, as %s", async (_, file, sourceOf) => {
    await createQueues(installed.client, demoProvider({ id: "acme" }), "production");
    const done = new AbortController();
    const fetching = fetchAll(done.signal);
    await writeFile(join(installed.folder, file), sourceOf(WAIT));
    const printed = await installed.run(await oldestNode(), [file]);
    done.abort();
    await fetching;
    expect(JSON.parse(printed)).toEqual({ state: "completed", fetched: 2 });
  });

  test("brings no test, no source, and no package but the AWS clients that it uses", async () => {
    expect(await codeFilesOf(installed.folder)).toEqual([
      "dist/index.cjs",
      "dist/index.d.cts",
      "dist/index.d.mts",
      "dist/index.mjs",
    ]);
    const { dependencies } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) expect(name).toMatch(/^@(aws-sdk|smithy)\//);
    for (const file of ["dist/index.mjs", "dist/index.d.mts"]) {
      const text = await readFile(join(installed.folder, "node_modules/@sluice/scheduler", file), "utf8");
      expect(text).not.toMatch(/from "@sluice\/|require\("@sluice\//);
    }
  });

  test.each(["nodenext", "bundler"])(
    "has whole types, with modules resolved as %s does",
    async (moduleResolution) => {
      const use = `import { createScheduler, type RecordStatus, type RunStatus } from "@sluice/scheduler";
    const scheduler = createScheduler({ provider: "acme" });
    export const status: Promise<RunStatus | undefined> = scheduler.then((s) => s.run("x"));
    export const record: Promise<RecordStatus> = scheduler.then((s) => s.record("x"));\n`;
      await writeFile(join(installed.folder, "use.ts"), use);
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
        join(installed.folder, "tsconfig.json"),
        JSON.stringify({ compilerOptions: options, files: ["use.ts"] }),
      );
      const child = spawn(join(ROOT, "node_modules/.bin/tsc"), ["-p", installed.folder], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const printed: string[] = [];
      child.stdout.setEncoding("utf8").on("data", (text: string) => printed.push(text));
      const [code] = await once(child, "close");
      expect({ code, printed }).toEqual({ code: 0, printed: [] });
    },
  );
});

describe("the example app", () => {
  const VARIABLES = { PROVIDER: "demo", ENVIRONMENT: "staging", TIME_ZONE: "Europe/Zurich" };
  /** 01:00 in Zurich, still the day before in UTC. */
  const NIGHT = { scheduledAt: "2026-07-21T23:00:00Z" };

  /** Calls a handler as often as there are events, in one process; answers with what they return. */
  async function call(file: string, ...events: readonly unknown[]): Promise<unknown[]> {
    const code = `const { handler } = await import("./src/${file}.ts");
      console.log = () => {};
      const results = [];
      for (const event of ${JSON.stringify(events)}) {
        results.push((await handler(event, { awsRequestId: "call-1" }).catch((error) => error.message)) ?? null);
      }
      process.stdout.write(JSON.stringify(results));`;
    return JSON.parse(await installed.run(process.execPath, ["--input-type=module", "-e", code], VARIABLES));
  }

  test("enqueues every record once a night, though it is called again", async () => {
    await call("nightly", NIGHT, NIGHT, { scheduledAt: "2026-07-22T23:00:00Z" });
    const sent = await takeAll(installed.client, queuesOf("staging").records);
    const byRun = Map.groupBy(sent, ({ runId }) => runId);
    expect([...byRun.keys()].toSorted()).toEqual(["2026-07-22", "2026-07-23"]);
    for (const ofRun of byRun.values()) {
      expect(ofRun).toHaveLength(100);
      expect(new Set(ofRun.map(({ recordId }) => recordId)).size).toBe(100);
    }
  });

  test("enqueues on demand in the express lane, once for a repeated call, and refuses what is no list", async () => {
    const asked = { recordIds: ["a", "b", ""] };
    const enqueued = { accepted: 2, rejected: [{ id: "", reason: "the id is empty" }] };
    const refused = expect.stringContaining("recordIds");
    const bad = [{}, { recordIds: [] }, { recordIds: "a" }, { recordIds: [1] }];
    expect(await call("on-demand", asked, asked, ...bad)).toEqual([
      enqueued,
      enqueued,
      ...bad.map(() => refused),
    ]);
    expect(await idsIn(queuesOf("staging").express)).toEqual(["a", "b"]);
    expect(await idsIn(queuesOf("staging").records)).toEqual([]);
  });
});

/** Ends each record that comes, as fetched, until it is aborted: what a deployment does in the course of a day. */
async function fetchAll(signal: AbortSignal): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint: installed.tablesUrl, region: "eu-central-1", credentials });
  const stores = createSchedulerStores({ client, name: "sluice-production-acme" }, "acme", Date.now);
  await stores.history.putContract(demoProvider({ id: "acme" }));
  const announcer = { announce: async () => {} };
  const ledger = createLedger({
    provider: "acme",
    ...stores,
    announcer,
    clock: systemClock,
    log: silentLog,
  });
  while (!signal.aborted) {
    const sent = await takeAll(installed.client, queuesOf("production", "acme").records);
    const ended = sent.map(
      ({ runId, recordId, number }) => ({ runId, recordId, number, end: "fetched" }) as const,
    );
    await ledger.note(ended, Date.now() + 5_000);
    await systemClock.sleep(200);
  }
  client.destroy();
}

test.each(["packages/scheduler/README.md", "docs/enqueue.md"])(
  "the examples of %s do what they say",
  async (page) => {
    await createQueues(installed.client, demoProvider({ id: "acme" }), "production");
    const done = new AbortController();
    const fetching = fetchAll(done.signal);
    const snippets = await snippetsOf(page);
    expect(snippets.length).toBeGreaterThan(0);
    for (const [at, snippet] of snippets.entries()) {
      const isWhole = snippet.includes("import {");
      const before = isWhole
        ? ""
        : `import { createScheduler } from "@sluice/scheduler";\nconst scheduler = await createScheduler({ provider: "acme" });\n`;
      const records = `const records = ["customer-1", { id: "customer-2", payload: { part: 1 } }];\n`;
      const file = `snippet-${at}.mts`;
      await writeFile(join(installed.folder, file), `${before}${records}${snippet}`);
      const isSilent = !snippet.includes("console.log");
      const printed = await installed.run(process.execPath, [file]);
      if (isSilent) expect(printed).toBe("");
    }
    done.abort();
    await fetching;
  },
);
