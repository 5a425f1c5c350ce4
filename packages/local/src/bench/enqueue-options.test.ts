import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseEnqueueBenchOptions } from "./enqueue-options.ts";

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  const keep = (text: unknown) => printed.push(String(text)) > 0;
  vi.spyOn(process.stderr, "write").mockImplementation(keep);
  vi.spyOn(process.stdout, "write").mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("half a million records are enqueued unless told otherwise", () => {
  expect(parseEnqueueBenchOptions([])).toBe(500_000);
  expect(parseEnqueueBenchOptions(["2000"])).toBe(2_000);
});

test.each(["0", "5000001", "many", "1.5", "1e6", "NaN", ""])(
  "refuses %j records with exit code 2, and tells the range",
  (records) => {
    expect(() => parseEnqueueBenchOptions([records])).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(printed.join("")).toContain("a whole number from 1 to 5000000");
  },
);

test.each([["--fast"], ["1", "2"]])("refuses %s %s with exit code 2", (...args) => {
  expect(() => parseEnqueueBenchOptions(args)).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test("help is no failure", () => {
  expect(() => parseEnqueueBenchOptions(["--help"])).toThrow(expect.objectContaining({ exitCode: 0 }));
  expect(printed.join("")).toContain("Usage: npm run bench:enqueue --");
});
