import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LambdaHarness, startLambdaHarness } from "@sluice/testing/lambda-harness";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleFile } from "../cloud/bundle.ts";
import { createTraceReader } from "./readable-trace.ts";

const SOURCE = `const reasons: readonly string[] = ["out of paper"];

function print(): never {
  throw new RangeError(reasons[0]);
}

export async function handler(event: { readonly how?: string }): Promise<void> {
  if (event.how === "crash") await new Promise(() => setImmediate(print));
  if (event.how === "log") console.log(JSON.stringify({ stack: new Error("paper").stack }));
  else print();
}
`;

let folder: string;
let harness: LambdaHarness;
let bundlePath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-trace-"));
  await writeFile(join(folder, "printer.ts"), SOURCE);
  bundlePath = await bundleFile(join(folder, "printer.ts"), join(folder, "bundled"), { minify: true });
  harness = await startLambdaHarness();
  await harness.deploy("printer", "", { bundlePath });
});
afterEach(async () => {
  await harness.stop();
  await rm(folder, { recursive: true });
});

test("what a minified handler throws is logged with its place in the source, and its function's name", async () => {
  expect(await harness.invoke("printer")).toMatchObject({ error: "Unhandled" });
  expect(harness.lines.join("\n")).toContain(`at print (${join(folder, "printer.ts")}:4:9)`);
});

test("so is an error that nobody catches", async () => {
  await harness.invoke("printer", { how: "crash" });
  expect(harness.lines.join("\n")).toContain(`at Immediate.print (${join(folder, "printer.ts")}:4:9)`);
});

test("so is what it logs itself", async () => {
  await harness.invoke("printer", { how: "log" });
  expect(harness.lines.join("\n")).toContain(`at handler (${join(folder, "printer.ts")}:9:`);
});

test("a bundle without a source map is shown as it is", async () => {
  await rm(`${bundlePath}.map`);
  await harness.invoke("printer");
  expect(harness.lines.join("\n")).toMatch(/at print \(file:\S+bundle\.mjs:\d+:\d+\)/);
});

test("only places in the bundle are replaced, and only those that the source map knows", async () => {
  const lines = (await readFile(bundlePath, "utf8")).split("\n");
  const line = lines.findIndex((text) => text.includes("RangeError"));
  const place = `bundle.mjs:${line + 1}:${(lines[line]?.indexOf("RangeError") ?? 0) + 1}`;
  const known = bundlePath.replace("bundle.mjs", place);
  const read = createTraceReader(bundlePath);
  expect(read(`${known} /elsewhere/${place} ${bundlePath}:1:1`)).toBe(
    `${join(folder, "printer.ts")}:4:13 /elsewhere/${place} ${bundlePath}:1:1`,
  );
});
