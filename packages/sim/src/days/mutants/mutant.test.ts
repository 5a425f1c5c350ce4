import { expect, test } from "vitest";
import { type Mutant, mutated } from "./mutant.ts";

const MUTANT: Mutant = { name: "off by one", file: "x.ts", from: "a < b", to: "a <= b" };

test("changes the one place", () => {
  expect(mutated("if (a < b) go();", MUTANT)).toBe("if (a <= b) go();");
});

test.each(["if (a > b) go();", "a < b || a < b"])("refuses %s, which has the text not once", (source) => {
  expect(() => mutated(source, MUTANT)).toThrow(/mutant off by one: x.ts has its text/);
});
