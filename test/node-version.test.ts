import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

/** Preloads a module that makes this Node.js pass for another version. */
function passingFor(version: string): readonly string[] {
  const source = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
  return ["--import", `data:text/javascript,${encodeURIComponent(source)}`];
}

function run(version: string, script: string) {
  const args = [...passingFor(version), ...scripts[script].split(" ").slice(1), "--help"];
  return promisify(execFile)(process.execPath, args, { cwd: ROOT });
}

test("under an older Node.js a script says that the project's own is missing, and how to get it", async () => {
  await expect(run("20.20.2", "start")).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /^Sluice runs on Node\.js 24, and this is 20\.20\.2\.\n.*`node`.*\nRun it now: npm rebuild node/,
    ),
  });
});

test.each(["24.0.0", "26.1.0"])("under Node.js %s it runs", async (version) => {
  expect((await run(version, "start")).stdout).toContain("Usage: npm start");
});

test("every script that is a program of this project's checks the version first", () => {
  const commands: string[] = Object.values<string>(scripts).flatMap((script) => script.split(" && "));
  const programs = commands.filter((command) => command.includes(".ts"));
  expect(programs.length).toBeGreaterThan(7);
  for (const program of programs) expect(program).toMatch(/^node --import \.\/node-version\.mjs \S+\.ts$/);
});
