import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { parseProvider } from "@sluice/core/provider";
import { createEntity, EVENT_MODEL, FETCH_MODEL } from "@sluice/core/storage";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/ventilator";
import { expect, test } from "vitest";
import { runCommand } from "./support/start-command.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const pages = await Promise.all(
  ["README.md", ...(await markdownBelow("docs"))].map(async (path) => ({
    path,
    text: await readFile(join(ROOT, path), "utf8"),
  })),
);

async function markdownBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true });
  return entries.filter((entry) => entry.endsWith(".md")).map((entry) => join(folder, entry));
}

test("every link and path in the docs leads somewhere", () => {
  for (const { path, text } of pages) {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
    const paths = [...text.matchAll(/`((?:packages|examples|test)\/[\w./*-]+)`/g)].map(
      ([, named = ""]) => named,
    );
    const broken = [
      ...links.filter((link) => !existsSync(join(ROOT, dirname(path), link))),
      ...paths.filter((named) => !named.includes("acme") && !existsSync(join(ROOT, named))),
    ];
    expect(broken, path).toEqual([]);
  }
});

test("every npm script in the docs exists, and every option is one", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const { stdout: help } = await runCommand(["--help"]);
  for (const { path, text } of pages) {
    for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g))
      expect(scripts, path).toHaveProperty(script);
    for (const [, args = ""] of text.matchAll(/npm start -- ([^#\n`]+)/g)) {
      for (const [option] of args.matchAll(/--[\w-]+/g)) expect(help, `${path}: ${args}`).toContain(option);
    }
  }
});

test("the provider in the README is a valid one", () => {
  const readme = pages.find(({ path }) => path === "README.md")?.text ?? "";
  const json = /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  expect(parseProvider(JSON.parse(json), "README.md")).toMatchObject({ id: "acme", maxConcurrency: 8 });
});

test("the rows that the docs look up have the keys under which they are stored", async () => {
  const text = pages.map((page) => page.text).join("\n");
  const table = { name: "any", client: new DynamoDBClient({ region: "us-east-1" }) };
  const day = { provider: "acme", day: "2026-11-21" };
  const { ExpressionAttributeValues } = createEntity(EVENT_MODEL, table).query.byTime(day).params();
  expect(text).toContain(`{":day":{"S":"${ExpressionAttributeValues[":pk"]}"}}`);
  const { Key } = createEntity(FETCH_MODEL, table)
    .get({ ...day, recordKey: "customer-1" })
    .params();
  expect(text).toContain(`{"pk":{"S":"${Key.pk}"},"sk":{"S":"${Key.sk}"}}`);
  const named = [...text.matchAll(/"#\w":"(\w+)"/g)].map(([, attribute = ""]) => attribute);
  expect(named.toSorted()).toEqual(["day", "status", "time"]);
  expect({ ...FETCH_MODEL.attributes, ...EVENT_MODEL.attributes }).toMatchObject(
    Object.fromEntries(named.map((attribute) => [attribute, {}])),
  );
  const attributes = [...text.matchAll(/attribute `(\w+)`/g)].map(([, attribute]) => attribute);
  expect(new Set(attributes)).toEqual(new Set([DEAD_LETTER_ATTRIBUTE]));
});

test("every error code is explained", async () => {
  const source = await readFile(join(ROOT, "packages/core/src/errors.ts"), "utf8");
  const codes = [...source.matchAll(/^ {2}\| "([a-z-]+)"/gm)].map(([, code]) => code);
  const explained = pages.find(({ path }) => path.endsWith("errors.md"))?.text.match(/(?<=^## ).*$/gm);
  expect(codes.length).toBeGreaterThan(0);
  expect(explained?.toSorted()).toEqual(codes.toSorted());
});

test("every dependency has its reason", async () => {
  const reasons = pages.find(({ path }) => path.endsWith("dependencies.md"))?.text ?? "";
  const folders = ["", ...(await readdir(join(ROOT, "packages"))).map((name) => join("packages", name))];
  for (const folder of folders) {
    const manifest = JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const known = name.startsWith("@aws-sdk/client-") ? "@aws-sdk/client-*" : name;
      if (!name.startsWith("@sluice/") && name !== "@types/node") expect(reasons).toContain(`\`${known}\``);
    }
  }
});
