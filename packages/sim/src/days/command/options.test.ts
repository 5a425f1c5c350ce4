import { CommanderError } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseSimulateOptions } from "./options.ts";

beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

test("simulates 300 days on all cores by default", () => {
  expect(parseSimulateOptions([])).toMatchObject({ seeds: 300, from: 1, only: [], without: [], json: false });
});

test("reads what is given", () => {
  const args = [
    "--seeds",
    "10000",
    "--from",
    "7",
    "--only",
    "bound",
    "once-a-day",
    "--without",
    "crash",
    "--jobs",
    "2",
  ];
  expect(parseSimulateOptions(args)).toMatchObject({
    seeds: 10_000,
    from: 7,
    only: ["bound", "once-a-day"],
    without: ["crash"],
    jobs: 2,
  });
});

test.each([
  [["--seeds", "0"], 2],
  [["--seeds", "many"], 2],
  [["--without", "nonsense"], 2],
  [["--only", "luck"], 2],
  [["--seed", "3", "--seeds", "9"], 2],
  [["--jobs", "0"], 2],
  [["--unknown"], 2],
  [["more"], 2],
  [["--help"], 0],
])("ends %j with exit code %i", (args, exitCode) => {
  const parse = () => parseSimulateOptions(args);
  expect(parse).toThrow(CommanderError);
  expect(parse).toThrow(expect.objectContaining({ exitCode }));
});
