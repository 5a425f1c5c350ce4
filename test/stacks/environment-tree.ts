import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { runStage, type StageRun } from "./graph.ts";
import { ROOT } from "./platform.ts";

/** The folder of the providers' data files, from the root. */
export const CATALOG = "packages/core/src/provider/catalog";
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

/** A tree with the repository's catalog and these environments; it goes with the test file. */
export async function treeWith(environments: Readonly<Record<string, unknown>>): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "sluice-environments-"));
  trees.push(tree);
  await cp(join(ROOT, CATALOG), join(tree, CATALOG), { recursive: true });
  await mkdir(join(tree, "environments"));
  for (const [name, file] of Object.entries(environments)) {
    await writeFile(join(tree, "environments", `${name}.json`), JSON.stringify(file));
  }
  return tree;
}

/** Runs a stage of staging, whose file is this one. */
export async function runWith(file: unknown, stage = "demo-staging", variables = {}): Promise<StageRun> {
  return runStage(stage, "deploy", {
    tree: await treeWith({ staging: file }),
    variables: { ...OFFLINE, ...variables },
  });
}
