import { expect, test } from "vitest";
import { originFiguresOf } from "./charts.ts";

test("a page tells the command that makes the same run again, its seed, and its date", () => {
  const args = ["--weather", "storm", "--input", "my records.csv", "--html", "it's.html"];
  expect(originFiguresOf({ seed: 7 }, Date.parse("2026-11-18T12:04:18Z"), args)).toEqual({
    command: `npm start -- --weather storm --input 'my records.csv' --html 'it'\\''s.html'`,
    seed: "7",
    date: "2026-11-18 12:04 UTC",
  });
  expect(originFiguresOf({ seed: 1 }, 0, []).command).toBe("npm start");
});
