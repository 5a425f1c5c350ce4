import { execFile } from "node:child_process";
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { copyRepository, type RepositoryCopy } from "../support/repository-copy.ts";

const CATALOG = "packages/core/src/provider/catalog";
const WORKERS = "packages/functions/src/workers";
const COPYING_MS = 60_000;
const HERE = { accountId: "123456789012", region: "eu-central-1" };
const ACME = {
  id: "acme",
  maxConcurrency: 8,
  slowAfterMs: 4_000,
  timeoutMs: 30_000,
  latency: { medianMs: 800, sigma: 0.8, minMs: 50, maxMs: 30_000 },
  worker: { name: "http-json", environment: { PROVIDER_BASE_URL: "https://acme.example" } },
};

let copy: RepositoryCopy;
beforeAll(async () => {
  copy = await copyRepository();
}, COPYING_MS);
afterAll(() => copy.remove());

let written: string[] = [];
afterEach(async () => {
  await Promise.all(
    [...written, "environments"].map((path) => rm(join(copy.root, path), { recursive: true, force: true })),
  );
  written = [];
});

async function write(path: string, content: string | object): Promise<void> {
  written.push(path);
  await copy.write(path, content);
}

/** Runs the command as npm would, and gives what it printed on stderr. */
async function check(): Promise<{
  readonly code: number;
  readonly problems: string[];
  readonly told: string;
}> {
  const { scripts } = JSON.parse(await readFile(join(copy.root, "package.json"), "utf8"));
  const args = scripts["check:catalog"].replace("node ", "").split(" ");
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: copy.root }, (error, stdout, stderr) => {
      const problems = stderr.split("\n").filter((line) => line !== "");
      resolve({ code: Number(error?.code ?? 0), problems, told: stdout });
    });
  });
}

const environment = (name: string) => `environments/${name}.json`;

test("the repository's own catalog is fine, and how much concurrency it needs is told", async () => {
  expect(await check()).toEqual({
    code: 0,
    problems: [],
    told: "2 providers can be deployed; together they need 29 concurrent invocations\n",
  });
});

test("a fine catalog with environments is told environment by environment", async () => {
  await write(`${CATALOG}/acme.json`, ACME);
  await write(environment("production"), { ...HERE, lambda: { concurrency: 1000 } });
  await write(environment("staging"), { ...HERE, without: ["acme", "slowpoke"] });
  const { code, problems, told } = await check();
  expect({ code, problems }).toEqual({ code: 0, problems: [] });
  expect(told).toContain("production: 3 providers, 48 of 1000 invocations");
  expect(told).toContain("staging: 1 providers, 23 of an unknown number invocations");
});

/** Runs it, and expects one problem that matches. */
async function expectProblem(...patterns: RegExp[]): Promise<void> {
  const { code, problems } = await check();
  const text = problems.join("\n");
  for (const pattern of patterns) expect(text).toMatch(pattern);
  expect(code).toBe(1);
}

test("an http-json worker without an address", async () => {
  await write(`${CATALOG}/acme.json`, { ...ACME, worker: { name: "http-json" } });
  await expectProblem(
    /acme has no address: set worker\.environment\.PROVIDER_BASE_URL in acme\.json/,
    /The worker http-json of acme in production can't begin: .*PROVIDER_BASE_URL is not set/s,
  );
});

test("a worker of one's own without an address", async () => {
  await write(
    `${WORKERS}/acme.ts`,
    `import { requiredApi } from "../function-environment.ts";\nrequiredApi();\n`,
  );
  await write(`${CATALOG}/acme.json`, { ...ACME, worker: { name: "acme" } });
  await expectProblem(/The worker acme of acme in production can't begin: .*PROVIDER_BASE_URL is not set/s);
});

test("a secret that no data file declares", async () => {
  await write(
    `${WORKERS}/acme.ts`,
    `import { defineWorker } from "./define-worker.ts";\nimport { secretOf } from "./secret.ts";\nsecretOf("ApiToken");\nexport const handler = defineWorker(async () => {});\n`,
  );
  await write(`${CATALOG}/acme.json`, { ...ACME, worker: { ...ACME.worker, name: "acme" } });
  await expectProblem(/The worker has no secret ApiToken:\n {2}name it under worker\.secrets in acme\.json/);
});

test("a worker that is not there, and one that exports nothing", async () => {
  await write(`${CATALOG}/acme.json`, { ...ACME, worker: { ...ACME.worker, name: "acme" } });
  await expectProblem(/there is no packages\/functions\/src\/workers\/acme\.ts/);
  await write(`${WORKERS}/acme.ts`, "export const handle = 1;\n");
  await expectProblem(/it exports no handler: export what defineWorker makes/);
});

test("an override that does not fit, one of nobody, and a file that can't be used, all at once", async () => {
  await write(environment("production"), { ...HERE, providers: { demo: { maxConcurrency: 0 } } });
  await write(environment("staging"), { ...HERE, providers: { demos: { maxConcurrency: 1 } } });
  await write(environment("trial"), { ...HERE, account: "1" });
  await expectProblem(
    /demo\.json with environments\/production\.json is invalid:\n {2}maxConcurrency must be a whole number from 1 to 1000, received 0/,
    /environments\/staging\.json names demos, which no provider is: there are demo, slowpoke/,
    /Environment environments\/trial\.json is invalid:\n {2}account is not an option/,
  );
});

test("an environment's file with a byte order mark, and pages beside it", async () => {
  await write(environment("staging"), `\uFEFF${JSON.stringify({ ...HERE, without: ["slowpoke"] })}`);
  await write("environments/README.md", "# Ours\n");
  await write("environments/.gitkeep", "");
  const { code, problems, told } = await check();
  expect({ code, problems }).toEqual({ code: 0, problems: [] });
  expect(told).toContain("staging: 1 providers");
});

describe("an environment's file of which nothing can be read", () => {
  const LEAST = /The least that it needs is {"accountId":"123456789012","region":"eu-central-1"}/;

  test.each([
    ["an empty one", "", /the file must be JSON in UTF-8, and is empty/],
    ["one of white space", " \n", /the file must be JSON in UTF-8, and is empty/],
    [
      "one with a comment",
      '{ "accountId": "123456789012", // ours\n }',
      /the file must be JSON in UTF-8: Expected/,
    ],
  ])("%s", async (_what, content, problem) => {
    await write(environment("staging"), content);
    await expectProblem(/Environment environments\/staging\.json is invalid:\n {2}/, problem, LEAST);
  });

  test("a folder in its place", async () => {
    await write(`${environment("staging")}/x.json`, HERE);
    await expectProblem(/environments\/staging\.json is invalid:\n {2}the file is a folder/, LEAST);
  });

  test("a link that leads nowhere", async () => {
    await mkdir(join(copy.root, "environments"), { recursive: true });
    await symlink("nowhere", join(copy.root, environment("staging")));
    await expectProblem(/environments\/staging\.json is invalid:\n {2}the file does not exist/, LEAST);
  });

  test("a file in place of the folder", async () => {
    await write("environments", "");
    await expectProblem(
      /Environment environments is invalid:\n {2}it must be a folder of environments' files, and does not exist: a part of its path is no folder/,
    );
  });

  test.each(["production.json.txt", "production.JSON"])(
    "one called %s, whose environment would be taken for one without a file",
    async (name) => {
      await write(`environments/${name}`, HERE);
      await expectProblem(
        new RegExp(`^Environment environments/${name.replaceAll(".", "\\.")} is invalid:`, "m"),
        /the file's name must be that of an environment and end with \.json, such as production\.json: rename it, or take it away/,
      );
    },
  );
});

test("environments that call one API and together exceed its X, and an account that is too small", async () => {
  await write(environment("production"), { ...HERE, lambda: { concurrency: 110 } });
  await write(environment("trial"), HERE);
  await expectProblem(
    /slowpoke allows 1 requests at once, and its environments at https:\/\/slowpoke\.example take 2: production 1, trial 1/,
    /need \d+ concurrent invocations .* lambda\.concurrency 110/,
  );
});

test("a stage that means another provider, and variables that are too long", async () => {
  await write(`${CATALOG}/acme.json`, ACME);
  const note = { ...ACME.worker, environment: { ...ACME.worker.environment, NOTE: "x".repeat(3_900) } };
  await write(`${CATALOG}/acme-trial.json`, { ...ACME, id: "acme-trial", worker: note });
  await write(`${CATALOG}/fleet-trial.json`, { ...ACME, id: "fleet-trial" });
  await write(environment("trial"), { ...HERE, without: ["slowpoke"] });
  await expectProblem(
    /The stage fleet-trial is provider fleet-trial in production, and never fleet: rename one of them/,
    /The stage acme-trial is provider acme-trial in production, and never acme: rename one of them/,
    /The variables of sluice-production-acme-trial-worker have \d+ bytes, and Lambda takes 4096/,
  );
});
