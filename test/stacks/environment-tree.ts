import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { ROOT } from "./platform.ts";

/** The folder of the providers' data files, from the root. */
const CATALOG = "packages/core/src/provider/catalog";
/** Where Pulumi's mocks are. */
export const HERE = { accountId: "123456789012", region: "us-east-1" };
/** Nobody answers there, so that only Pulumi can say whose credentials these are. */
export const OFFLINE = {
  AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
};

const trees: string[] = [];
afterAll(() => Promise.all(trees.map((tree) => rm(tree, { recursive: true }))));

/** A tree with the repository's catalog, more providers and these environments, each by its name; it goes with the test file. */
export async function treeWith(
  environments: Readonly<Record<string, unknown>>,
  providers: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "sluice-environments-"));
  trees.push(tree);
  await cp(join(ROOT, CATALOG), join(tree, CATALOG), { recursive: true });
  await writeAll(join(tree, CATALOG), providers);
  await mkdir(join(tree, "environments"));
  await writeAll(join(tree, "environments"), environments);
  return tree;
}

async function writeAll(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify(content));
  }
}

/** Runs a stage of staging, whose file is this one. */
export async function runWith(file: unknown, stage = "demo-staging", variables = {}): Promise<StageRun> {
  return runStage(stage, "deploy", {
    tree: await treeWith({ staging: file }),
    variables: { ...OFFLINE, ...variables },
  });
}
