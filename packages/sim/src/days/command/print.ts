import { runDay } from "../day.ts";
import type { DatedEvent } from "../day-event.ts";
import type { RuleName, Violation } from "../rules/rule.ts";
import type { Story } from "../story.ts";
import { breachLine, lineOf, storyInWords } from "../time-line.ts";
import type { FindingsSummary } from "./findings.ts";

/** Lines of a time line before the breach that are printed; the others are left to `--trace`. */
const LINES_MAX = 60;

/** The command that runs a day again. */
export function replayCommand(seed: number, rule?: RuleName): string {
  return `npm run simulate -- --seed ${seed}${rule === undefined ? "" : ` --only ${rule}`} --trace`;
}

/** A story that breaks a rule, told up to the breach, as far as it concerns the record in question. */
export async function tellBreach(story: Story, rule: RuleName): Promise<readonly string[]> {
  const events: DatedEvent[] = [];
  const { violations } = await runDay(story, { onEvent: (event) => events.push(event) });
  const violation = violations.find((one) => one.rule === rule);
  if (violation === undefined) return storyInWords(story);
  const startMs = Date.parse(story.startsAt);
  const about = violation.recordId ?? "";
  const lines = events
    .filter(({ atMs }) => atMs <= violation.atMs)
    .flatMap((event) => lineOf(event, startMs, about) ?? []);
  const skipped = lines.length > LINES_MAX ? [`… ${lines.length - LINES_MAX} lines more`] : [];
  const shown = [...lines.slice(0, LINES_MAX / 3), ...skipped, ...lines.slice(-((2 * LINES_MAX) / 3))];
  return [...storyInWords(story), ...(skipped.length > 0 ? shown : lines), breachLine(violation, startMs)];
}

/** Everything that happens in a story, line by line. */
export async function traceOf(story: Story, print: (line: string) => void): Promise<readonly Violation[]> {
  const startMs = Date.parse(story.startsAt);
  for (const line of storyInWords(story)) print(line);
  const { violations } = await runDay(story, {
    onEvent(event) {
      const line = lineOf(event, startMs, "recordId" in event ? event.recordId : undefined);
      if (line !== undefined) print(line);
    },
  });
  for (const violation of violations) print(breachLine(violation, startMs));
  return violations;
}

/** The findings of many days, in a few lines. */
export function summaryLines({
  days,
  virtualHours,
  records,
  requests,
  faults,
  violations,
}: FindingsSummary): readonly string[] {
  const struck = Object.entries(faults).sort(([, one], [, other]) => other - one);
  return [
    `${days} days, ${virtualHours} h of virtual time, ${records} records, ${requests} requests`,
    `faults that struck: ${struck.map(([kind, count]) => `${kind} ${count}`).join(", ") || "none"}`,
    ...Object.entries(violations).map(
      ([rule, seeds]) =>
        `✗ ${rule}: ${seeds.length} days, seeds ${seeds.slice(0, 12).join(" ")}${seeds.length > 12 ? " …" : ""}`,
    ),
    ...(Object.keys(violations).length === 0 ? ["every rule held"] : []),
  ];
}
