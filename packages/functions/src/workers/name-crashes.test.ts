import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const MODULE = new URL("./name-crashes.ts", import.meta.url).href;

/**
 * Runs a script that reports an uncaught error as Lambda's runtime does: in a listener of its own, by the error's
 * name.
 */
function reportedBy(script: string): string {
  const runtime = `process.on("uncaughtException", (thrown) => {
    console.log(thrown instanceof Error ? thrown.name + " | " + thrown.message : typeof thrown);
    process.exit(129);
  });`;
  const source = `${runtime}\nconst { nameCrashes } = await import(${JSON.stringify(MODULE)});\n${script}`;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
  });
  expect(status).toBe(129);
  return stdout.trim();
}

const THROW_LATER = 'setTimeout(() => { throw new RangeError("out of range"); }, 0);';

test("an error past every promise is a crash once a request has come", () => {
  expect(reportedBy(`nameCrashes(); nameCrashes(); ${THROW_LATER}`)).toBe(
    "WorkerCrashed | RangeError: out of range",
  );
});

test("before, it keeps its name: it is an error of loading", () => {
  expect(reportedBy(THROW_LATER)).toBe("RangeError | out of range");
});

test("what is no error is left as it is", () => {
  expect(reportedBy('nameCrashes(); setTimeout(() => { throw "text"; }, 0);')).toBe("string");
});
