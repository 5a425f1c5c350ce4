import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyRepository, type RepositoryCopy } from "../support/repository-copy.ts";

const COPYING_MS = 60_000;
const RUN_MS = 180_000;

// What a newcomer does: types what the page says, word by word, and runs it.
let copy: RepositoryCopy;
let contract: Record<string, unknown>;
let worker: string;
beforeAll(async () => {
  copy = await copyRepository();
  const page = await readFile(new URL("../../docs/providers.md", import.meta.url), "utf8");
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const [, where = ""] = /`(packages\/[\w/]+\/acme\.json)`/.exec(page) ?? [];
  const [, whereCode = ""] = /`(packages\/[\w/]+\/acme\.ts)`/.exec(page) ?? [];
  contract = JSON.parse(json);
  worker = code;
  await copy.write(where, json);
  await copy.write(whereCode, code);
}, COPYING_MS);
afterAll(() => copy.remove());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd: copy.root }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const RECORDS = ["packages/local/src/start/main.ts", "--provider", "acme", "--records", "12", "--json"];

describe.each([
  ["with the worker that the project brings", undefined],
  ["with the worker that the page writes", "acme"],
])("the provider of the page, %s", (_what, name) => {
  beforeAll(async () => {
    if (name === undefined) return;
    const { worker: options } = contract as { readonly worker: object };
    await copy.write("packages/core/src/provider/catalog/acme.json", {
      ...contract,
      worker: { ...options, name },
    });
  });

  test("can be deployed, as far as that can be known here", async () => {
    const { code, stderr } = await run(["packages/functions/src/catalog/check-main.ts"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("fetches on this machine", { timeout: RUN_MS }, async () => {
    const { code, stdout, stderr } = await run(RECORDS);
    expect(JSON.parse(stdout), stderr).toMatchObject({ accepted: 12, stillQueued: 0, verdict: "ok" });
    expect(code).toBe(0);
  });
});

test(
  "the worker of the page imports all that it uses",
  async () => {
    const root = copy.root;
    await copy.write("tsconfig.page-worker.json", {
      extends: "./tsconfig.json",
      include: [],
      files: ["packages/functions/src/workers/acme.ts"],
    });
    const tsc = join(root, "node_modules/.bin/tsc");
    const { stdout, code } = await new Promise<Ended>((resolve) => {
      execFile(tsc, ["-p", "tsconfig.page-worker.json"], { cwd: root }, (error, printed, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout: printed, stderr }),
      );
    });
    expect(worker).toContain("export const handler");
    expect({ stdout, code }).toEqual({ stdout: "", code: 0 });
  },
  COPYING_MS,
);
