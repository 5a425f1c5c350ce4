import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type Differences,
  FAUXQS_CALLS,
  FAUXQS_QUEUE,
  MEMORY_QUEUE,
  VIRTUAL_QUEUE,
} from "./conformance/emulator-differences.ts";
import { ROWS } from "./conformance/recorded-queue.conformance.ts";
import { FAUXQS_VERSION } from "./fauxqs/package.ts";
import { ROOT } from "./house/sources.ts";

const page = await readFile(join(ROOT, "docs/emulators.md"), "utf8");

/** The cells of each row of the table below a heading. */
function tableBelow(heading: string): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| case |"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const shows = (inWords: string | undefined) => inWords ?? "as AWS";

test("the page has a row for each case of a queue, and says what each emulator shows in it", () => {
  const rows = tableBelow("What a queue of Sluice's shows");
  const cell = (row: string, differences: Differences) => shows(differences[row]?.inWords);
  const expected = Object.keys(ROWS).map((row) => [
    row,
    expect.stringMatching(/ \(.+\)$/),
    cell(row, VIRTUAL_QUEUE),
    cell(row, MEMORY_QUEUE),
    cell(row, FAUXQS_QUEUE),
    expect.stringMatching(/./),
  ]);
  expect(rows).toEqual(expected);
});

test("the page has a row for each case of SQS's calls in which an emulator differs, and no row without a case", async () => {
  const rows = tableBelow("What SQS's own calls show");
  const names = rows.map(([name = ""]) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(FAUXQS_CALLS)));
  expect(rows).toEqual(
    names.map((name) => [
      name,
      expect.stringMatching(/ \(.+\)$/),
      "as AWS",
      shows(FAUXQS_CALLS[name]),
      expect.stringMatching(/./),
    ]),
  );
  const suite = await readFile(join(ROOT, "test/conformance/sqs.conformance.ts"), "utf8");
  for (const name of names) {
    // The cases of refused entries are named by what is wrong with each.
    const [, entry] = /^refuses (.+), and takes the other entries of the batch$/.exec(name) ?? [];
    expect(suite, name).toContain(entry === undefined ? `holds("${name}"` : `["${entry}",`);
  }
});

test("the page names the emulators by the versions that are compared", async () => {
  const { packages } = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  expect(page).toContain(`\`fauxqs\` ${FAUXQS_VERSION}`);
  expect(page).toContain(`\`dynalite\` ${packages["node_modules/dynalite"].version}`);
});
