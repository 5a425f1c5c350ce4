import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const MODULE = new URL("./scratch-folder.ts", import.meta.url).href;

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "scratch-test-"));
});
afterEach(() => rm(temporary, { recursive: true }));

/** Runs a program that has made two folders, `one` and `two`, with a file in the first. */
function run(program: string) {
  const script = `
    import { writeFileSync } from "node:fs";
    import { createScratchFolder } from "${MODULE}";
    const [one, two] = [createScratchFolder(), createScratchFolder()];
    writeFileSync(one.path + "/file", "text");
    ${program}
  `;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...process.env, TMPDIR: temporary },
    encoding: "utf8",
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
}

const END_LATER = "setInterval(() => {}, 1_000);";

test.each([
  ["ends by itself", "", 0],
  ["fails", "throw new TypeError('it fails')", 1],
  ["leaves a rejection", `Promise.reject(new TypeError('it fails')); ${END_LATER}`, 1],
  ["ends itself", "process.exit(7)", 7],
  ["is interrupted", `process.kill(process.pid, "SIGINT"); ${END_LATER}`, 130],
  ["is ended", `process.kill(process.pid, "SIGTERM"); ${END_LATER}`, 143],
  ["loses its terminal", `process.kill(process.pid, "SIGHUP"); ${END_LATER}`, 129],
  ["has removed one already", "one.remove(); one.remove();", 0],
  [
    "ends in its own time after a signal",
    `process.on("SIGTERM", () => setTimeout(() => process.exit(5), 50)); process.kill(process.pid, "SIGTERM"); ${END_LATER}`,
    5,
  ],
])("a program that %s leaves no scratch folder behind", async (_what, program, status) => {
  const ended = run(program);
  expect(ended.status, ended.stderr).toBe(status);
  expect(await readdir(temporary)).toEqual([]);
});

test("a folder that is kept stays, and the others go", async () => {
  expect(run("two.remove(); one.keep(); one.remove();").status).toBe(0);
  const [kept = "", ...others] = await readdir(temporary);
  expect(others).toEqual([]);
  expect(await readdir(join(temporary, kept))).toEqual(["file"]);
});

test("a folder is empty, new, and among the system's temporary ones", async () => {
  await mkdir(join(temporary, "sluice-"));
  const { stdout } = run("console.log(JSON.stringify([one.path, two.path]))");
  const [one, two] = JSON.parse(stdout);
  expect(one).not.toBe(two);
  for (const path of [one, two]) expect(path.startsWith(join(temporary, "sluice-"))).toBe(true);
});
