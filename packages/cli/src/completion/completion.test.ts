import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { createDesk } from "../fakes/desk.ts";

let bash: string;
beforeAll(async () => {
  bash = (await createDesk().type("completion bash")).out;
});

/** The words that bash offers for a line, whose last word may be incomplete. */
function offeredBy(line: string): string[] {
  const words = line.split(" ").map((word) => `'${word}'`);
  const script = `${bash}\nCOMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
}

describe("in bash", () => {
  test.each([
    ["sluice st", ["status"]],
    ["sluice --he", ["--help"]],
    ["sluice dead re", ["redrive"]],
    ["sluice dead redrive --ra", ["--rate"]],
    ["sluice dead redrive some-id --dr", ["--dry-run"]],
    ["sluice hold --provider acme --un", ["--until"]],
    ["sluice decisions --kind or", ["order"]],
    ["sluice runs sh", ["show"]],
    ["sluice runs show --lo", ["--lost"]],
    ["sluice completion --x", [""]],
  ])("%s is completed", (line, words) => {
    expect(offeredBy(line)).toEqual(words);
  });

  test("an empty word offers all that may follow", () => {
    expect(offeredBy("sluice dead ")).toEqual(["list", "show", "redrive", "drop", "--help"]);
    expect(offeredBy("sluice ")).toEqual(
      expect.arrayContaining(["status", "holds", "enqueue", "completion"]),
    );
  });
});

test.each(["zsh", "fish"])("%s has each verb and option, with its description", async (shell) => {
  const { code, out } = await createDesk().type(`completion ${shell}`);
  expect(code).toBe(0);
  for (const word of ["status", "dead", "redrive", "completion", "dry-run", "follow", "express"])
    expect(out).toContain(word);
  expect(out).toContain("hold a provider: nothing new is started");
  // What stands between quotes has none of its own.
  for (const line of out.split("\n")) expect(line.replaceAll(/\\'|'\\''/g, "").split("'").length % 2).toBe(1);
});

test("another shell is refused with those that there are", async () => {
  expect(await createDesk().type("completion tcsh")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/bash, zsh, fish/),
  });
});
