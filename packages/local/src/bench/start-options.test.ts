import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseStartBenchOptions } from "./start-options.ts";

beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("measures each handler fifteen times unless told otherwise", () => {
  expect(parseStartBenchOptions([])).toEqual({ runs: 15, json: false });
  expect(parseStartBenchOptions(["--runs", "3", "--json"])).toEqual({ runs: 3, json: true });
});

test.each([["--runs", "0"], ["--runs", "1001"], ["--runs", "few"], ["--runs", "1.5"], ["--fast"], ["more"]])(
  "refuses %s %s with exit code 2",
  (...args) => {
    expect(() => parseStartBenchOptions(args)).toThrow(expect.objectContaining({ exitCode: 2 }));
  },
);

test("help is no failure", () => {
  expect(() => parseStartBenchOptions(["--help"])).toThrow(expect.objectContaining({ exitCode: 0 }));
});
