import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mutated } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

const ROOT = new URL("../../../../../", import.meta.url);

test.each(MUTANTS)("$name: its line is in the code, once", (mutant) => {
  const source = readFileSync(new URL(mutant.file, ROOT), "utf8");
  expect(mutated(source, mutant)).not.toBe(source);
});

test("has thirty and more, each with a name of its own", () => {
  const names = new Set(MUTANTS.map(({ name }) => name));
  expect(names.size).toBe(MUTANTS.length);
  expect(names.size).toBeGreaterThanOrEqual(30);
});
