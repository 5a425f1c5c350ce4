import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./fakes/embedded-main.ts", import.meta.url));
const ARGS = ["--environment", "trial", "--yes"];

/** The things that lines of this kind are about, in the order of their names. */
function thingsAfter(verb: "making" | "removed", told: readonly string[]): readonly string[] {
  const things = told.flatMap(
    (line) => new RegExp(`^${verb} ((?:function|queue|table|role) .*)$`).exec(line)?.[1] ?? [],
  );
  return things.toSorted();
}

test.each<[when: string, args: readonly string[], line: RegExp, made: number]>([
  ["while it makes things for one bench", ["--only", "updates", "--rounds", "1"], /^making role/, 3],
  ["while it makes things for all benches side by side", [], /^making function .*-load-2-/, 12],
  ["while it measures", ["--only", "updates", "--rounds", "1"], /^updates: round 1 of 1, enabled/, 4],
  ["while queues are measured beside the control plane", [], /^redrive: /, 19],
  [
    "while rounds are measured side by side",
    ["--only", "updates", "--rounds", "2"],
    /^updates: round 2 of 2/,
    8,
  ],
])("Ctrl-C %s ends it, and nothing that it made is left", async (_, args, line, made) => {
  const child = spawn(process.execPath, [MAIN, ...ARGS, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const printed = text(child.stdout);
  const told: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (one) => {
    told.push(one);
    if (line.test(one) && !child.killed) child.kill("SIGINT");
  });
  await once(child, "close");
  const [last = ""] = (await printed).trim().split("\n").slice(-1);
  expect(JSON.parse(last), told.join("\n")).toEqual({ code: 130, left: [] });
  expect(told).toContain("Interrupted: removing what was made. Ctrl-C again leaves it there.");
  expect(thingsAfter("removed", told)).toEqual(thingsAfter("making", told));
  expect(thingsAfter("making", told).length, told.join("\n")).toBeGreaterThanOrEqual(made);
});
