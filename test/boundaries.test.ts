import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "sluice-boundaries-"));
  await cp(join(ROOT, "biome.json"), join(tree, "biome.json"));
  for (const name of ["core", "aws", "functions", "sim", "local", "verify"]) {
    const manifest = join("packages", name, "package.json");
    await mkdir(join(tree, "packages", name), { recursive: true });
    await cp(join(ROOT, manifest), join(tree, manifest));
  }
});
afterEach(() => rm(tree, { recursive: true }));

/** The rules that a tree with just these sources breaks under the project's own settings. */
async function rulesBrokenBy(sources: Record<string, string>): Promise<string[]> {
  for (const [path, source] of Object.entries(sources)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), source);
  }
  const biome = join(ROOT, "node_modules", ".bin", "biome");
  const args = ["lint", "--vcs-enabled=false", "--reporter=json", "."];
  const { stdout, stderr } = spawnSync(biome, args, { cwd: tree, encoding: "utf8" });
  expect(stdout, stderr).toContain('"diagnostics"');
  const { diagnostics } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
    diagnostics: { category: string }[];
  };
  return [...new Set(diagnostics.map(({ category }) => category.split("/").at(-1) ?? ""))].toSorted();
}

const importing = (specifier: string) =>
  `import { x } from "${specifier}";\n\nexport const y: unknown = x;\n`;

test.each([
  ["core", "node:fs"],
  ["core", "@aws-sdk/client-sqs"],
  ["core", "sst"],
  ["core", "@sluice/aws/sqs-queue"],
  ["core", "../../aws/src/sqs-queue.ts"],
  ["aws", "@sluice/functions/ventilator"],
  ["aws", "../../local/src/cloud/cloud.ts"],
  ["functions", "@aws-sdk/client-sqs"],
  ["functions", "@sluice/local/cloud/cloud"],
  ["functions", "@sluice/sim/provider-simulator/scenario"],
  ["sim", "@aws-sdk/client-sqs"],
  ["sim", "@smithy/node-http-handler"],
  ["sim", "@sluice/functions/ventilator"],
  ["sim", "@sluice/local/cloud/cloud"],
  ["verify", "@aws-sdk/client-sqs"],
  ["verify", "@sluice/local/cloud/cloud"],
])("%s may not import %s", async (name, specifier) => {
  const broken = await rulesBrokenBy({ [`packages/${name}/src/x.ts`]: importing(specifier) });
  expect(broken).toContain("noRestrictedImports");
});

test("what points inward is fine", async () => {
  const broken = await rulesBrokenBy({
    "packages/core/src/x.ts": importing("zod"),
    "packages/aws/src/x.ts": importing("@sluice/core/errors"),
    "packages/functions/src/x.ts": importing("@sluice/aws/sqs-queue"),
    "packages/sim/src/x.ts": importing("@sluice/aws/sqs-queue"),
    "packages/verify/src/aws/x.ts": importing("@aws-sdk/client-sqs"),
    "packages/verify/src/x.ts": importing("@sluice/sim/event-source-mapping"),
  });
  expect(broken).toEqual([]);
});

test("a dependency must be declared by the package that imports it", async () => {
  expect(await rulesBrokenBy({ "packages/functions/src/x.ts": importing("hono") })).toEqual([
    "noUndeclaredDependencies",
  ]);
});

test("no cycles", async () => {
  const broken = await rulesBrokenBy({
    "packages/core/src/a.ts": 'import { b } from "./b.ts";\n\nexport const a: number = b;\n',
    "packages/core/src/b.ts": 'import { a } from "./a.ts";\n\nexport const b: number = a;\n',
  });
  expect(broken).toEqual(["noImportCycles"]);
});
