import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { madeOnce } from "../support/suite-folder.ts";
import { PLATFORM, preparePlatform, ROOT } from "./platform.ts";
import { bundleProgram } from "./program.ts";

/** A resource that a program would create. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly options: {
    readonly ignoreChanges?: readonly string[];
    readonly deleteBeforeReplace?: boolean;
    readonly retainOnDelete?: boolean;
  };
}

/** What a program says of itself, and would create, for a stage. */
export interface StageRun {
  readonly settings: Record<string, unknown>;
  readonly resources: readonly Resource[];
  readonly outputs: Record<string, unknown>;
  /** Names of the resources, in an order in which they can be made: each after those whose outputs it needs. */
  readonly createdNames: readonly string[];
}

const RUN_STAGE = fileURLToPath(new URL("run-stage.ts", import.meta.url));

/** Path of the bundle. */
let bundled: Promise<string> | undefined;

/** How a stage is run. */
export interface StageOptions {
  /** A folder with another catalog and other environments than the repository's. */
  readonly tree?: string;
  /** Variables of the process, beside those that it inherits. */
  readonly variables?: Record<string, string>;
  /** True to run it also where another file of tests has. */
  readonly isAnew?: boolean;
}

/**
 * Runs the real sst.config.ts for a stage, with SST's real components, under Pulumi's mocks: once in a run of the suite, where it
 * has the repository's own tree and variables.
 */
export async function runStage(
  stage: string,
  mode: "deploy" | "dev" = "deploy",
  { tree, variables, isAnew = false }: StageOptions = {},
): Promise<StageRun> {
  const printed = async () => {
    bundled ??= madeOnce("bundle", bundle);
    const bundledHere = tree === undefined ? await bundled : await copied(await bundled, tree);
    const args = [bundledHere, ROOT, stage, mode];
    return run(args, { ...(await secretVariables(stage)), ...variables });
  };
  const isOwn = tree === undefined && variables === undefined && !isAnew;
  return JSON.parse(isOwn ? await madeOnce(`stages/${stage}-${mode}`, printed) : await printed());
}

/** A copy of the bundle in a tree: it looks upwards from where it is for catalog and environments. */
async function copied(bundle: string, tree: string): Promise<string> {
  const there = join(tree, basename(bundle));
  await copyFile(bundle, there);
  if (!existsSync(join(tree, "node_modules"))) {
    await symlink(join(PLATFORM, "node_modules"), join(tree, "node_modules"));
  }
  return there;
}

async function bundle(): Promise<string> {
  await preparePlatform("demo");
  return bundleProgram(ROOT, "graph");
}

/** As SST hands over the values that `sst secret set` has stored for a stage. */
async function secretVariables(stage: string): Promise<Record<string, string>> {
  const stages = (await listProviderIds()).filter((id) => stage === id || stage.startsWith(`${id}-`));
  const providers = await Promise.all(stages.map((id) => readProvider(id)));
  const names = providers.flatMap(({ worker }) => worker.secrets);
  return Object.fromEntries(names.map((name) => [`SST_SECRET_${name}`, `secret of ${name}`]));
}

function run(args: readonly string[], secrets: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [RUN_STAGE, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...secrets },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let problems = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    problems += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(problems));
    });
  });
}
