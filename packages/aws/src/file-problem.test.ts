import { expect, test } from "vitest";
import { fileProblem } from "./file-problem.ts";

test.each([
  ["EACCES", "can't be read: permission denied"],
  ["ENOENT", "does not exist"],
  ["EISDIR", "is a folder"],
  ["EIO", "can't be read: broken disk"],
])("says %s in words", (code, problem) => {
  expect(fileProblem(Object.assign(new Error("broken disk"), { code }))).toBe(problem);
});
