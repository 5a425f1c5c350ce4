import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { isProduction, ROOT, readSources } from "./house/sources.ts";

const PAGE = "docs/aws-assumptions.md";

/** What the third column's first words may be: those that the page explains. */
const MARKS = ["documented", "recorded", "reported", "shown", "unknown"];

/** Words by which a comment confesses that AWS does not tell something, or that it was only seen. */
const CONFESSION =
  /documented nowhere|not documented|AWS (does not say|says nothing)|AWS was (seen|recorded)|by experience/i;

const page = await readFile(join(ROOT, PAGE), "utf8");
const rows = page
  .split("\n")
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .filter((cells) => cells.length > 2 && cells[0] !== "id" && !cells[0]?.startsWith("--"))
  .map((cells) => ({ id: cells[0] ?? "", where: cells[2] ?? "", who: cells[3] ?? "", cells }));

const PLACE = /`([^`]+)` in \[([^\]]+)\]\(\.\.\/([^)]+)\)/g;

/** The places in code that a text names: something, and the file that has it. */
function placesIn(text: string) {
  return [...text.matchAll(PLACE)].map(([, symbol = "", title = "", path = ""]) => ({ symbol, title, path }));
}

test("each assumption about AWS is whole, has a name of its own, and says who says so", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const { id, who, cells } of rows) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect([cells.length, cells.filter((cell) => cell === "")], id).toEqual([6, []]);
    expect(MARKS, id).toContain(/^\w+/.exec(who)?.[0]);
  }
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

test("each assumption names the code that relies on it", async () => {
  for (const { id, where } of rows) {
    const places = placesIn(where);
    expect(places, id).not.toEqual([]);
    // Nothing is left of a place that is written another way.
    expect(where.replaceAll(PLACE, "").replaceAll(/[, ]/g, ""), id).toBe("");
    for (const { symbol, title, path } of places) {
      expect(basename(path), id).toBe(title);
      expect(await readFile(join(ROOT, path), "utf8"), `${id}: ${path}`).toMatch(
        new RegExp(`\\b${symbol}\\b`),
      );
    }
  }
});

test("no code confesses to an assumption that has no row", async () => {
  const folders = await Promise.all(
    ["packages", "stacks"].map((folder) => readSources(folder, isProduction)),
  );
  const confessing = folders
    .flatMap((sources) => [...sources])
    .filter(([, text]) => CONFESSION.test(text.replaceAll(/\s*\n\s*(\*|\/\/)?\s*/g, " ")))
    .map(([path]) => path);
  const named = new Set(rows.flatMap(({ where }) => placesIn(where).map(({ path }) => path)));
  expect(confessing.length).toBeGreaterThan(5);
  expect(confessing.filter((path) => !named.has(path))).toEqual([]);
});
