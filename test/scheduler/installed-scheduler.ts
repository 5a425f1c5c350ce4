import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsClientFor, startSqs } from "@sluice/local/cloud";
import { startTables } from "./provider-queues.ts";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));
export const PACKAGE: string = join(ROOT, "packages/scheduler");
const REGION = "eu-central-1";

/** Runs a program to its end. */
export const run: (
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
) => Promise<{ readonly stdout: string; readonly stderr: string }> = promisify(execFile);

/** The package as another team has it: packed, and installed where nothing of this repository is in sight. */
export interface InstalledScheduler {
  readonly folder: string;
  /** Of the queues' server that its programs reach. */
  readonly client: SQSClient;
  readonly tablesUrl: string;
  /** Runs a program in the folder, with an environment that leads to queues and tables; answers with what it prints. */
  run(node: string, args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

/** Packs and installs it, with the example app beside it. @param tables names of tables that there are to be */
export async function installScheduler(...tables: readonly string[]): Promise<InstalledScheduler> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-scheduler-"));
  await run("npm", ["run", "build:scheduler", "--silent"], { cwd: ROOT });
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: PACKAGE });
  const example = join(ROOT, "examples/scheduler-service");
  await cp(join(example, "src"), join(folder, "src"), { recursive: true });
  const { type, dependencies } = JSON.parse(await readFile(join(example, "package.json"), "utf8"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type, dependencies }));
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: folder });
  const server = await startSqs();
  const database = await startTables(...tables);
  const client = createSqsClientFor(server.url, REGION);
  return {
    folder,
    client,
    tablesUrl: database.url,
    async run(node, args, variables) {
      const env = {
        PATH: process.env.PATH,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_SQS: server.url,
        AWS_ENDPOINT_URL_DYNAMODB: database.url,
        ...variables,
      };
      const { stdout } = await run(node, args, { cwd: folder, env });
      return stdout;
    },
    async stop() {
      client.destroy();
      await server.stop();
      await database.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The machine's own Node, which is older than the project's; the project's where there is no other. */
export async function oldestNode(): Promise<string> {
  const folders = (process.env.PATH ?? "").split(":").filter((path) => !path.includes("node_modules"));
  for (const path of folders) {
    const node = join(path, "node");
    const found = await run(node, ["--version"], { cwd: ROOT }).catch(() => undefined);
    if (found !== undefined) return node;
  }
  return process.execPath;
}

/** The TypeScript of a page's examples, in order. */
export async function snippetsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}

/** The files of an installed package that are code. */
export async function codeFilesOf(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(folder, "node_modules/@sluice/scheduler"), { recursive: true });
  return files.filter((file) => /\.(m|c)?[jt]s$/.test(file)).toSorted();
}
