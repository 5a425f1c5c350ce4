import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./fakes/embedded-main.ts", import.meta.url));
const ARGS = ["--environment", "trial", "--yes", "--only", "updates"];

test.each<[when: string, line: RegExp]>([
  ["while it makes things", /^making role/],
  ["while it measures", /^ {2}round 1 of 1, enabled/],
])("Ctrl-C %s ends it, and nothing that it made is left", async (_, line) => {
  const child = spawn(process.execPath, [MAIN, ...ARGS], { stdio: ["ignore", "pipe", "pipe"] });
  const printed = text(child.stdout);
  const told: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (one) => {
    told.push(one);
    if (line.test(one)) child.kill("SIGINT");
  });
  await once(child, "close");
  const [last = ""] = (await printed).trim().split("\n").slice(-1);
  expect(JSON.parse(last), told.join("\n")).toEqual({ code: 130, left: [] });
  expect(told).toContain("Interrupted: removing what was made. Ctrl-C again leaves it there.");
  expect(told.filter((one) => one.startsWith("removed"))).toHaveLength(4);
});
