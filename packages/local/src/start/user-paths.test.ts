import { expect, test } from "vitest";
import { parseStartOptions } from "./options.ts";
import { withUserPaths } from "./user-paths.ts";

const ELSEWHERE = { npm_lifecycle_event: "start", INIT_CWD: "/home/ann" };

const pathsOf = (args: readonly string[], variables: Record<string, string>) => {
  const { input, html, provider, weather } = withUserPaths(parseStartOptions(args), variables);
  return { input, html, provider, weather };
};

test("under npm paths lead from where its user was", () => {
  const args = [
    "--input",
    "own.csv",
    "--html",
    "../page.html",
    "--provider",
    "a.json",
    "--weather",
    "w.json",
  ];
  expect(pathsOf(args, ELSEWHERE)).toEqual({
    input: "/home/ann/own.csv",
    html: "/home/page.html",
    provider: "/home/ann/a.json",
    weather: "/home/ann/w.json",
  });
});

test("what is no path stays, and so do absolute paths", () => {
  const args = ["--input", "-", "--html", "/tmp/page.html", "--provider", "demo", "--weather", "storm"];
  const same = { input: "-", html: "/tmp/page.html", provider: "demo", weather: "storm" };
  expect(pathsOf(args, ELSEWHERE)).toEqual(same);
});

test("the page of a storm is written to where the user was, too", () => {
  expect(pathsOf(["--weather", "storm"], ELSEWHERE).html).toBe("/home/ann/storm-report.html");
});

test.each([
  ["without npm", {}],
  ["under another script", { ...ELSEWHERE, npm_lifecycle_event: "test" }],
  ["where the user is in the package's folder", { ...ELSEWHERE, INIT_CWD: process.cwd() }],
])("%s they stay as they are", (_, variables) => {
  expect(pathsOf(["--input", "own.csv"], variables).input).toBe("own.csv");
});
