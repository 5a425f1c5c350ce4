import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  folderCycles,
  longFunctions,
  questionComments,
  strayLibraries,
  trespasses,
  undocumented,
  valuesInPorts,
} from "./rules.ts";
import { isProduction, ROOT, readSources, type Sources } from "./sources.ts";

const packages = await readSources("packages", (path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path));
const stacks = await readSources("stacks", (path) => path.endsWith(".ts"));
const production: Sources = new Map([...packages, ...stacks].filter(([path]) => isProduction(path)));

/** Entries that each package lists for others, by the package's name. */
const exportsOf = new Map(
  await Promise.all(
    ["core", "aws", "functions", "scheduler", "console", "sim", "local", "cli", "verify", "testing"].map(
      async (name) => {
        const manifest = JSON.parse(await readFile(join(ROOT, "packages", name, "package.json"), "utf8"));
        return [name, Object.keys(manifest.exports)] as const;
      },
    ),
  ),
);

/** A tree with one file in it. */
const tree = (path: string, text: string): Sources => new Map([[path, text]]);

describe("the house", () => {
  test("core's folders import one way, types included", () => {
    expect(folderCycles(production)).toEqual([]);
  });

  test("ports are interfaces only", () => {
    expect(valuesInPorts(production)).toEqual([]);
  });

  test("only adapters reach AWS, and only the storage ElectroDB", () => {
    expect(strayLibraries(production)).toEqual([]);
  });

  test("a package sees of another what that lists for others, and none that lies further out", () => {
    expect(trespasses(production, exportsOf)).toEqual([]);
  });

  test("no function is long", () => {
    expect(longFunctions(production)).toEqual([]);
  });

  test("files are small", () => {
    const sizes = [...production.values()]
      .map((text) => text.split("\n").length - 1)
      .toSorted((a, b) => a - b);
    const quantile = (share: number) => sizes[Math.ceil(share * sizes.length) - 1];
    expect(quantile(0.5)).toBeLessThanOrEqual(60);
    expect(quantile(0.9)).toBeLessThanOrEqual(130);
    expect(quantile(1)).toBeLessThanOrEqual(260);
  });

  test("doc comments name the thing, and every exported thing has one", () => {
    expect(questionComments(production)).toEqual([]);
    expect(undocumented(production)).toEqual([]);
  });

  test("whatever a package lists for others is there, and is used by another", async () => {
    const users = new Map([
      ...packages,
      ...stacks,
      ...(await readSources("test", (path) => path.endsWith(".ts"))),
    ]);
    const examples = await readSources("examples", (path) => path.endsWith(".ts"));
    const config = await readFile(join(ROOT, "sst.config.ts"), "utf8");
    const texts = [...users, ...examples, ["sst.config.ts", config] as const];
    for (const [path, text] of packages) {
      if (!/\/src\/(\w[\w-]*\/)?(index|storage\/memory)\.ts$/.test(path)) continue;
      const name = /^packages\/([^/]+)/.exec(path)?.[1];
      const names = [...text.matchAll(/\b(?:type )?(\w+)(?=,|\s*\} from)/g)].map(
        ([, exported = ""]) => exported,
      );
      const elsewhere = texts
        .filter(([user]) => !user.startsWith(`packages/${name}/`))
        .map(([, used]) => used);
      for (const exported of names) {
        expect(
          elsewhere.some((used) => new RegExp(`\\b${exported}\\b`).test(used)),
          `${path}: ${exported}`,
        ).toBe(true);
      }
    }
  });
});

describe("a tree is refused", () => {
  test("with a folder of core that imports upwards", () => {
    const upwards: Sources = new Map([
      ["packages/core/src/law/law.ts", 'import type { Breaker } from "../breaker/breaker.ts";'],
      ["packages/core/src/breaker/breaker.ts", 'import type { Law } from "../permits/gate.ts";'],
      ["packages/core/src/permits/gate.ts", 'export { type Law } from "../law/law.ts";'],
    ]);
    expect(folderCycles(upwards)).toContain("law → breaker → permits → law");
  });

  test.each([
    ["a value", "export const x = 1;"],
    ["a function", "export function f(): void {}"],
    ["an import of values", 'import { x } from "../law/evidence.ts";'],
  ])("with %s among the ports", (_, text) => {
    expect(valuesInPorts(tree("packages/core/src/ports/x.ts", text))).toHaveLength(1);
  });

  test.each([
    ["packages/core/src/law/x.ts", "electrodb"],
    ["packages/core/src/storage/x.ts", "@aws-sdk/client-dynamodb"],
    ["packages/functions/src/x.ts", "@aws-sdk/client-sqs"],
    ["packages/sim/src/x.ts", "@smithy/node-http-handler"],
    ["packages/verify/src/measure/x.ts", "@aws-sdk/client-sqs"],
  ])("where %s imports %s", (path, library) => {
    expect(strayLibraries(tree(path, `import { x } from "${library}";`))).toHaveLength(1);
  });

  test.each([
    ["another package's inside", "packages/aws/src/x.ts", "@sluice/core/law/evidence"],
    ["another package's file", "packages/aws/src/x.ts", "../../core/src/law/evidence.ts"],
    ["a package that lies further out", "packages/core/src/x.ts", "@sluice/aws/sqs-queue"],
    ["a package that it has nothing to do with", "packages/functions/src/x.ts", "@sluice/sim/command"],
    ["helpers of tests", "packages/aws/src/x.ts", "@sluice/testing/fake-clock"],
    ["its own index", "packages/core/src/law/x.ts", "./index.ts"],
  ])("where a file imports %s", (_, path, specifier) => {
    expect(trespasses(tree(path, `import { x } from "${specifier}";`), exportsOf)).toHaveLength(1);
  });

  test.each([
    ["packages/core/src/x.ts", 60],
    ["stacks/x.ts", 60],
    ["packages/sim/src/x.ts", 80],
  ])("with a function in %s of more than %i lines", (path, max) => {
    const bodyOf = (count: number) => Array.from({ length: count }, (_, at) => `  f(${at});`).join("\n");
    const plain = (lines: number) => `export function f(): void {\n${bodyOf(lines - 2)}\n}\n`;
    const wrapped = (lines: number) =>
      `export function f(\n  a: number,\n): void {\n${bodyOf(lines - 4)}\n}\n`;
    const arrow = (lines: number) => `const f = () => {\n${bodyOf(lines - 2)}\n};\n`;
    const method = (lines: number) => `const x = {\n  async f(a) {\n${bodyOf(lines - 2)}\n  },\n};\n`;
    for (const shape of [plain, wrapped, arrow, method]) {
      expect(longFunctions(tree(path, shape(max)))).toEqual([]);
      expect(longFunctions(tree(path, shape(max + 1)))).toHaveLength(1);
    }
  });

  test("with a doc comment that opens with a question, or without any", () => {
    expect(questionComments(tree("x.ts", "/** What it is. */\nexport type X = 1;"))).toHaveLength(1);
    expect(questionComments(tree("x.ts", "/**\n * Whether it is. */\nexport type X = 1;"))).toHaveLength(1);
    expect(undocumented(tree("x.ts", "\nexport type X = 1;"))).toHaveLength(1);
  });
});
