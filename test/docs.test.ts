import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { parseEnvironment } from "@sluice/core/deployment";
import { parseProvider } from "@sluice/core/provider";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import { createEntity, EVENT_MODEL, FETCH_MODEL, ORDERS_MODEL } from "@sluice/core/storage";
import { expect, test } from "vitest";
import { verbTree } from "../packages/cli/src/completion/verb-tree.ts";
import { createProgram } from "../packages/cli/src/program.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const pages = await Promise.all(
  [
    "README.md",
    "packages/sim/scenarios/README.md",
    "examples/scheduler-service/README.md",
    ...(await filesBelow("docs", ".md")),
  ].map(async (path) => ({ path, text: await readFile(join(ROOT, path), "utf8") })),
);

async function filesBelow(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true });
  return entries.filter((entry) => entry.endsWith(ending)).map((entry) => join(folder, entry));
}

function textOf(path: string): string {
  return pages.find((page) => page.path === path)?.text ?? "";
}

/** The text from a heading to the next one of its level. */
function sectionOf(path: string, heading: string): string {
  return (
    textOf(path)
      .split(/^## /m)
      .find((section) => section.startsWith(`${heading}\n`)) ?? ""
  );
}

/** Where GitHub lets a link to a heading lead. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"));
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

test("every link to a heading leads to one", () => {
  for (const { path, text } of pages) {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
    const broken = links.filter(([, file = "", anchor = ""]) => {
      const target = file === "" ? text : textOf(join(dirname(path), file));
      return !anchorsOf(target).includes(anchor);
    });
    expect(
      broken.map(([link]) => link),
      path,
    ).toEqual([]);
  }
});

test("every npm script in the docs exists, and every option is one", async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const used = pages.flatMap(({ path, text }) => {
    for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g))
      expect(scripts, path).toHaveProperty(script);
    return [...text.matchAll(/npm (?:run )?([\w:-]+)(?: --silent)? -- ([^#\n`]+)/g)].map(
      ([, script = "", args = ""]) => ({ path, script, args }),
    );
  });
  const helps = Map.groupBy(used, ({ script }) => script);
  expect([...helps.keys()]).toEqual(expect.arrayContaining(["start", "lab"]));
  for (const [script, uses] of helps) {
    const { stdout: help } = await promisify(execFile)(
      process.execPath,
      [...scripts[script].replace("node ", "").split(" "), "--help"],
      { cwd: ROOT },
    );
    for (const { path, args } of uses) {
      for (const [option] of args.matchAll(/--[\w-]+/g)) expect(help, `${path}: ${args}`).toContain(option);
    }
  }
});

test("every verb of the command in the docs exists, and every option is one of its own", () => {
  const uses = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/npx sluice ([a-z][^\n`#]*)/g)].map(([, line = ""]) => ({ path, line })),
  );
  expect(uses.length).toBeGreaterThan(5);
  const silent = { write: () => {}, isTerminal: false, columns: 80 };
  const program = createProgram(() => async () => {}, { stdout: silent, stderr: silent });
  const verbs = new Map(verbTree(program).map((verb) => [verb.path, verb]));
  for (const { path, line } of uses) {
    const words = line.split(" ");
    const verb = verbs.get(words.slice(0, 2).join(" ")) ?? verbs.get(words[0] ?? "");
    const options = verb?.options.map(({ word }) => word);
    expect(options, `${path}: ${line}`).toEqual(expect.arrayContaining(line.match(/--[\w-]+/g) ?? []));
  }
});

test("the README tells first how to start, is short, and leads to every page", () => {
  const lines = textOf("README.md").split("\n");
  expect(lines.length).toBeLessThanOrEqual(141);
  expect(lines.slice(0, 25)).toEqual(expect.arrayContaining(["npm ci", expect.stringMatching(/^npm start/)]));
  for (const { path } of pages.filter((page) => /^(docs|examples)/.test(page.path)))
    expect(textOf("README.md")).toContain(`](${path})`);
});

test("the provider in the docs is a valid one, and each of its options is explained", () => {
  const text = textOf("docs/providers.md");
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => JSON.parse(json));
  const provider = parseProvider(Object.assign({ description: "any" }, ...examples), "docs/providers.md");
  expect(provider).toMatchObject({ id: "acme", maxConcurrency: 8 });
  const { environment, ...worker } = provider.worker;
  const breaker = { ...provider.breaker, shadow: typeof {} };
  const options = { ...provider, worker: { ...worker, environment: typeof environment }, breaker };
  const optionsOf = (value: object): string[] =>
    Object.entries(value).flatMap(([name, inner]) =>
      typeof inner === "object" && !Array.isArray(inner)
        ? optionsOf(inner).map((option) => `${name}.${option}`)
        : [name],
    );
  const names = optionsOf(options);
  const cells = [...text.matchAll(/^\| (`[\w.]+`(?:, `[\w.]+`)*) \|/gm)].map(([, cell = ""]) => cell);
  const explained = cells.flatMap((cell) => cell.replaceAll("`", "").split(", "));
  expect(explained.toSorted()).toEqual(names.toSorted());
});

test("the environment in the docs is a valid one, each of its fields is explained, and what is refused is refused in these words", () => {
  const text = textOf("docs/deploy.md");
  const [full = "", part = ""] = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json);
  const { name: _name, ...file } = parseEnvironment(JSON.parse(full), "staging", "docs/deploy.md");
  expect(file.alarms.wake?.names).toEqual(["WakerSilent", "RecordsExpiring"]);
  expect(
    parseEnvironment({ ...JSON.parse(full), ...JSON.parse(part) }, "trial", "").providers,
  ).toHaveProperty("acme");
  const cells = [...text.matchAll(/^\| (`[\w.]+`(?:, `[\w.]+`)*) \|/gm)].map(([, cell = ""]) => cell);
  const explained = cells.flatMap((cell) => cell.replaceAll("`", "").split(", "));
  const fields = Object.entries({ ...JSON.parse(full), lambda: { concurrency: 0, reserve: true } }).flatMap(
    ([field, value]) => (["tags", "providers", "without"].includes(field) ? [field] : fieldsOf(field, value)),
  );
  expect(explained.filter((each) => !each.endsWith("Topic")).toSorted()).toEqual(fields.toSorted());
  const refusal =
    /```\n(Environment environments\/staging\.json is invalid:[\s\S]*?)\n```/.exec(text)?.[1] ?? "";
  const wrong = { ...JSON.parse(full), accountId: 12, retention: { logDays: 31 } };
  for (const line of refusal.split("\n")) {
    const [begin = "", end = ""] = line.split(" …,");
    expect(() => parseEnvironment(wrong, "staging", "environments/staging.json")).toThrow(begin);
    expect(() => parseEnvironment(wrong, "staging", "environments/staging.json")).toThrow(end);
  }
});

/** The fields of a JSON value, however deep, by their paths. */
function fieldsOf(path: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(`${path}.${name}`, inner));
}

test("the windows and quotas in the README are valid ones", () => {
  const jsonIn = (path: string) => JSON.parse(/```json\n([\s\S]*?)```/.exec(textOf(path))?.[1] ?? "");
  const provider = parseProvider({ ...jsonIn("docs/providers.md"), ...jsonIn("README.md") }, "README.md");
  expect(provider.quotas).toHaveLength(2);
  expect(provider.windows?.closed).toHaveLength(1);
});

test("the shadow in the docs is a valid one, and what is refused is refused in these words", () => {
  const text = textOf("docs/providers.md");
  const [contract = "", tried = ""] = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json);
  const { breaker } = parseProvider({ ...JSON.parse(contract), ...JSON.parse(tried) }, "acme.json");
  expect(breaker.shadow).toEqual({ cut: 0.5 });
  const wrong = { ...JSON.parse(contract), breaker: { shadow: { cut: 5 } } };
  const refusal = /```\n(Provider definition .*\n {2}breaker\.shadow.*)\n```/.exec(text)?.[1];
  expect(() => parseProvider(wrong, "acme.json")).toThrow(refusal ?? "no such text");
});

test("the types that the glossary names are in the code", async () => {
  const files = (await filesBelow("packages", ".ts")).filter((file) => !file.includes("node_modules"));
  const sources = await Promise.all(files.map((file) => readFile(join(ROOT, file), "utf8")));
  const names = [...textOf("docs/glossary.md").matchAll(/`([A-Z]\w+)`/g)].map(([, name = ""]) => name);
  expect(names).toContain("ControlState");
  const isExported = (name: string) =>
    sources.some((source) => new RegExp(`^export (interface|type) ${name}\\b`, "m").test(source));
  expect(names.filter((name) => !isExported(name))).toEqual([]);
});

test("the docs list the folders of core, and each imports only from those above it", async () => {
  const core = "packages/core/src";
  const section = sectionOf("docs/architecture.md", "Folders of core");
  const listed = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, folder = ""]) => folder);
  const entries = await readdir(join(ROOT, core), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(listed.toSorted()).toEqual(folders.toSorted());
  const files = (await filesBelow(core, ".ts")).filter((file) => !/\.test\.ts$|\/fakes\//.test(file));
  const rankOf = (file: string) => listed.indexOf(relative(core, file).split("/")[0] ?? "");
  for (const file of files) {
    const source = await readFile(join(ROOT, file), "utf8");
    const imported = [...source.matchAll(/from "(\.[^"]+)"/g)].map(([, path = ""]) =>
      join(dirname(file), path),
    );
    const upwards = imported.filter((target) => dirname(target) !== core && rankOf(target) > rankOf(file));
    expect(upwards, file).toEqual([]);
  }
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
  const { Key: ordersKey } = createEntity(ORDERS_MODEL, table).get({ provider: "acme" }).params();
  expect(text).toContain(`{"pk":{"S":"${ordersKey.pk}"},"sk":{"S":"${ordersKey.sk}"}}`);
  const named = [...text.matchAll(/"#\w":"(\w+)"/g)].map(([, attribute = ""]) => attribute);
  expect(named.toSorted()).toEqual(["day", "status", "time"]);
  expect({ ...FETCH_MODEL.attributes, ...EVENT_MODEL.attributes }).toMatchObject(
    Object.fromEntries(named.map((attribute) => [attribute, {}])),
  );
  const attributes = [...text.matchAll(/attribute `(\w+)`/g)].map(([, attribute]) => attribute);
  expect(new Set(attributes)).toEqual(new Set([DEAD_LETTER_ATTRIBUTE]));
});

test("the events that the docs fetch are replayed by the command that follows", {
  timeout: 120_000,
}, async () => {
  const section = sectionOf("docs/operations.md", "The same day with another law");
  const command = /^npm run lab -- (.*)$/m.exec(section)?.[1]?.split(" ") ?? [];
  const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const lab = scripts.lab
    .split(" ")
    .map((part: string) => (/\.m?[jt]s$/.test(part) ? join(ROOT, part) : part));
  const folder = await mkdtemp(join(tmpdir(), "docs-"));
  try {
    await writeFile(join(folder, "events.json"), JSON.stringify({ Items: storedEvents() }, null, 4));
    const { stdout } = await promisify(execFile)(process.execPath, [...lab.slice(1), ...command], {
      cwd: folder,
    });
    expect(stdout).toMatch(/^What the events say: replay-slowpoke-2026-11-21$/m);
    expect(stdout).toMatch(/^sluice +\d/m);
    const scenario = JSON.parse(await readFile(join(folder, "day.json"), "utf8"));
    expect(scenario.provider).toMatchObject({ maxConcurrency: 1, timeoutMs: 72_000 });
    expect(scenario.provider.capacity.map(([, capacity]: number[]) => capacity)).toEqual([1, 0, 1]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A trip and the probe that ended it, as they are stored, with DynamoDB's types. */
function storedEvents(): object[] {
  const [closed, open, probing] = (["closed", "open", "half-open"] as const).map((phase, at) => ({
    phase,
    limit: 1,
    epoch: at + 3,
  }));
  const seen = { forMs: 600_000, calls: 120, faults: 10, medianMs: 3_000, sigma: 0.9 };
  const steps = [
    {
      afterMs: 0,
      rule: "tripped: outage",
      inputs: { faults: 10, timeouts: 0 },
      before: closed,
      after: open,
      seen,
    },
    { afterMs: 30_000, rule: "probe", inputs: {}, before: open, after: probing },
    { afterMs: 35_000, rule: "closed: the probe was answered", inputs: {}, before: probing, after: closed },
  ];
  const table = { name: "any", client: new DynamoDBClient({ region: "us-east-1" }) };
  const entity = createEntity(EVENT_MODEL, table);
  return steps.map(({ afterMs, ...decision }, at) => {
    const atMs = Date.parse("2026-11-21T09:14:07Z") + afterMs;
    const time = new Date(atMs).toISOString();
    const { Item } = entity
      .put({
        provider: "slowpoke",
        day: time.slice(0, 10),
        time,
        id: `event-${at}`,
        atMs,
        kind: "decision",
        summary: decision.rule,
        details: JSON.stringify(decision),
        expiresAtSeconds: Math.ceil(atMs / 1_000),
      })
      .params();
    const typed = (value: unknown) => (typeof value === "number" ? { N: String(value) } : { S: value });
    return Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, typed(value)]));
  });
}

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
