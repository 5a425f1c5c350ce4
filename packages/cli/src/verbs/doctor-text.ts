import type { Diagnosis, Finding } from "@sluice/core/doctor";
import type { Style } from "../output/style.ts";
import { printable } from "../text/printable.ts";

/** The verdict in a sentence: the bad news that is most likely the cause of the rest of it, and how much there is. */
export function verdictText({ findings, cause }: Diagnosis, { paint }: Style): string {
  const countOf = (kind: Finding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  const unchecked = countOf("not-checked");
  const open = unchecked === 0 ? "" : `, ${unchecked} not checked`;
  const first = findings.find(({ check }) => check === cause);
  if (first?.kind !== "bad") return `${paint("green", "well")}, ${countOf("good")} checks are good${open}`;
  const others = countOf("bad") - 1;
  const rest = others === 0 ? "" : `, which may be the cause of ${others} more`;
  return `${paint("red", "bad news")}${open}. ${first.check}: ${printable(first.found)}${rest}`;
}

const MARKS = {
  good: ["green", "good"],
  bad: ["red", "BAD"],
  "not-checked": ["yellow", "not checked"],
  "not-here": ["dim", "not here"],
} as const;

/** A finding for people: the result, what it read and why, and the next step. */
export function findingLines(finding: Finding, { paint }: Style): string {
  const { check, kind, reads, why } = finding;
  const [color, word] = MARKS[kind];
  const next = nextOf(finding);
  return [
    `  ${paint(color, word.padEnd(12))}${check.padEnd(13)}${printable(foundIn(finding))}\n`,
    paint("dim", `${" ".repeat(14)}read ${reads}: ${why}\n`),
    ...(next === "" ? [] : [`${" ".repeat(14)}${kind === "bad" ? "next" : "needs"}: ${next}\n`]),
  ].join("");
}

/** A finding for a pipe: provider, check, result, what was found, what was read, why it matters, and the next step. */
export function findingRow(providerId: string, finding: Finding): string {
  const { check, kind, reads, why } = finding;
  const cells = [providerId, check, kind, printable(foundIn(finding)), reads, why, nextOf(finding)];
  return `${cells.join("\t")}\n`;
}

function foundIn(finding: Finding): string {
  switch (finding.kind) {
    case "good":
    case "bad":
      return finding.found;
    case "not-checked":
      return finding.cause;
    case "not-here":
      return "not on the embedded cloud";
  }
}

/** The command that mends it, or the permission that is lacking. */
function nextOf(finding: Finding): string {
  if (finding.kind === "bad") return finding.mend;
  return finding.kind === "not-checked" ? (finding.permission ?? "") : "";
}
