import { CommanderError } from "commander";
import { expect, test, vi } from "vitest";
import { parseStartOptions } from "./options.ts";

test("left-out options have their defaults, and only a storm has a page", () => {
  expect(parseStartOptions([])).toEqual({
    provider: "demo",
    weather: "calm",
    valveDelaySeconds: 1,
    holdForSeconds: 20,
    seed: 1,
    json: false,
    console: true,
    keep: false,
  });
  expect(parseStartOptions(["--weather", "storm"]).html).toBe("storm-report.html");
  expect(parseStartOptions(["--weather", "storm", "--html", "a.html"]).html).toBe("a.html");
});

test("times keep their value, 0 too where it means something", () => {
  const args = ["--kill-every", "0.5", "--kill-for", "3", "--closes-after", "0", "--valve-delay", "0"];
  expect(parseStartOptions(args)).toMatchObject({
    killEverySeconds: 0.5,
    killForSeconds: 3,
    closesAfterSeconds: 0,
    valveDelaySeconds: 0,
  });
});

test.each<[string, string[], RegExp]>([
  ["an unknown option", ["--fast"], /unknown option '--fast'/],
  ["an argument too many", ["input.csv"], /too many arguments/],
  ["no number", ["--records", "many"], /whole number from 1 to 10000000/],
  ["too large a number", ["--max-concurrency", "1001"], /whole number from 1 to 1000/],
  ["a negative delay", ["--valve-delay", "-1"], /seconds from 0 to 3600/],
  ["too quick a pace", ["--pace", "0.5"], /seconds from 1 to 600/],
  ["kills without a pause", ["--kill-every", "0"], /seconds above 0, at most 3600/],
  ["kills for no time", ["--kill-every", "1", "--kill-for", "0"], /seconds above 0, at most 3600/],
  ["an end of kills that never begin", ["--kill-for", "5"], /needs option '--kill-every/],
  ["an unknown format", ["--input-format", "xml"], /Allowed choices are ids, csv, ndjson, json/],
  ["a format of made-up ids", ["--input-format", "ids", "--records", "1"], /cannot be used with option/],
  ["file and made-up ids at once", ["--input", "a.csv", "--records", "1"], /cannot be used with option/],
])("%s: the problem, how to get help, and exit code 2", (_, args, problem) => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  let thrown: unknown;
  try {
    parseStartOptions(args);
  } catch (error) {
    thrown = error;
  } finally {
    write.mockRestore();
  }
  expect(thrown).toBeInstanceOf(CommanderError);
  expect(thrown).toMatchObject({ exitCode: 2 });
  const lines = written.join("").trimEnd().split("\n");
  expect(lines[0]).toMatch(problem);
  expect(lines.slice(1)).toEqual(["(npm start -- --help lists the options)"]);
});
