import { CommanderError } from "commander";
import { expect, test, vi } from "vitest";
import { parseFeedOptions } from "./options.ts";

test("rate and environment are enough", () => {
  expect(parseFeedOptions(["--rate", "2.5", "--environment", "staging"])).toEqual({
    rate: 2.5,
    provider: "demo",
    environment: "staging",
  });
});

test("every option is taken", () => {
  const args = ["--rate", "5", "--environment", "staging", "--provider", "acme", "--duration", "60"];
  expect(parseFeedOptions(args)).toEqual({
    rate: 5,
    provider: "acme",
    environment: "staging",
    durationSeconds: 60,
  });
});

test.each([
  [["--environment", "staging"], "--rate"],
  [["--rate", "5"], "--environment"],
  [["--rate", "0", "--environment", "staging"], "above 0, at most 10000"],
  [["--rate", "10001", "--environment", "staging"], "above 0, at most 10000"],
  [["--rate", "", "--environment", "staging"], "above 0, at most 10000"],
  [["--rate", "5", "--environment", "staging", "--duration", "-1"], "above 0, at most 604800"],
])("%j is refused with exit code 2, the problem, and what to do", (args, problem) => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  try {
    expect(() => parseFeedOptions(args)).toThrow(CommanderError);
    expect(() => parseFeedOptions(args)).toThrow(expect.objectContaining({ exitCode: 2 }));
  } finally {
    write.mockRestore();
  }
  expect(written.join("")).toContain(problem);
  expect(written.join("")).toContain("npm start -- --keep");
  expect(written.join("")).not.toContain("Usage:");
});
