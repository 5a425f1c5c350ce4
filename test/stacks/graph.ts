import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { preparePlatform, ROOT } from "./platform.ts";
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

let bundled: Promise<string> | undefined;

/** Runs the real sst.config.ts for a stage, with SST's real components, under Pulumi's mocks. */
export async function runStage(stage: string, mode: "deploy" | "dev" = "deploy"): Promise<StageRun> {
  bundled ??= bundle();
  return JSON.parse(await run([await bundled, ROOT, stage, mode], await secretVariables(stage)));
}

async function bundle(): Promise<string> {
  await preparePlatform("demo");
  return bundleProgram(ROOT, "graph");
}

/** As SST hands over the values that `sst secret set` has stored for a stage. */
async function secretVariables(stage: string): Promise<Record<string, string>> {
  const stages = (await listProviderIds()).filter((id) => stage === id || stage.startsWith(`${id}-`));
  const providers = await Promise.all(stages.map(readProvider));
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
