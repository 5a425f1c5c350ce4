import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readSources } from "../../../test/house/sources.ts";
import { MEASUREMENTS } from "./schedule/stages.ts";

const docs = new URL("../../../docs/", import.meta.url);
const page = await readFile(new URL("aws-assumptions.md", docs), "utf8");
const [rows = "", section = ""] = page.split("\n## Measure them in your account\n");

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: object;
}
const policy = await readFile(new URL("verify-policy.json", docs), "utf8");
const { Statement: statements } = JSON.parse(policy) as { readonly Statement: readonly Statement[] };

/** Rights that are needed without a call of their own: for tags at a creation, and to hand a role to Lambda. */
const WITHOUT_CALL = [
  "dynamodb:TagResource",
  "iam:PassRole",
  "iam:TagRole",
  "lambda:TagResource",
  "sqs:TagQueue",
];

test("each measurement looks at rows that are there, and is on the page with them", () => {
  for (const { id, rows: ids } of MEASUREMENTS) {
    for (const row of ids) expect(rows, id).toMatch(new RegExp(`^\\| ${row} \\|`, "m"));
    const line = section.split("\n").find((one) => one.startsWith(`- \`${id}\` `));
    for (const row of ids) expect(line, id).toMatch(new RegExp(`\\b${row}\\b`));
  }
  const listed = [...section.matchAll(/^- `([\w-]+)` /gm)].map(([, id]) => id);
  expect(listed).toEqual(MEASUREMENTS.map(({ id }) => id));
});

test("the policy has a right for each call, no other, and reaches nothing but what runs make", async () => {
  const sources = await readSources("packages/verify/src/aws", (path) => !path.endsWith(".test.ts"));
  const text = [...sources.values()].join("\n");
  const called = [...text.matchAll(/(?:calling|CallFailed)\(\s*"([a-z]+:[A-Za-z]+)"/g)].map(
    ([, action]) => action,
  );
  const allowed = statements.flatMap(({ Action }) => Action);
  expect(called.length).toBeGreaterThan(30);
  expect(new Set(allowed)).toEqual(new Set([...called, ...WITHOUT_CALL]));
  for (const { Sid, Action, Resource, Condition } of statements) {
    const isOwn =
      Resource.includes("sluice-verify-") || JSON.stringify(Condition ?? "").includes("sluice-verify-");
    const isReading = Action.every((action) => /:(List|Get)/.test(action));
    expect(isOwn || isReading || Sid === "MappingTags", Sid).toBe(true);
  }
});
