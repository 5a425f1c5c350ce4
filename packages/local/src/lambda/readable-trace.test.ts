import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleFile } from "../cloud/bundle.ts";
import { type ServiceBench, startServiceBench } from "./fakes/service-bench.ts";
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
let bench: ServiceBench;
let bundlePath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-trace-"));
  await writeFile(join(folder, "printer.ts"), SOURCE);
  bundlePath = await bundleFile(join(folder, "printer.ts"), join(folder, "bundled"), { minify: true });
  bench = await startServiceBench();
  await bench.deploy("printer", "", { bundlePath });
});
afterEach(async () => {
  await bench.stop();
  await rm(folder, { recursive: true });
});

test("what a minified handler throws is logged with its place in the source, and its function's name", async () => {
  expect(await bench.invoke("printer")).toMatchObject({ error: "Unhandled" });
  expect(bench.lines.join("\n")).toContain(`at print (${join(folder, "printer.ts")}:4:9)`);
});

test("so is an error that nobody catches", async () => {
  await bench.invoke("printer", { how: "crash" });
  expect(bench.lines.join("\n")).toContain(`at Immediate.print (${join(folder, "printer.ts")}:4:9)`);
});

test("so is what it logs itself", async () => {
  await bench.invoke("printer", { how: "log" });
  expect(bench.lines.join("\n")).toContain(`at handler (${join(folder, "printer.ts")}:9:`);
});

test("a bundle without a source map is shown as it is", async () => {
  await rm(`${bundlePath}.map`);
  await bench.invoke("printer");
  expect(bench.lines.join("\n")).toMatch(/at print \(file:\S+bundle\.mjs:\d+:\d+\)/);
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
