import { eventCountsText } from "./event-counts.ts";
import { pickDecisions } from "./pick-decisions.ts";
import type { TraceEvent } from "./trace.ts";
import { changeText, clockOf, escapeHtml, numberText } from "./words.ts";

/** An expandable list of decisions as HTML, the most telling `maxCount` of them. */
export function decisionList(decisions: readonly TraceEvent[], maxCount: number): string {
  if (decisions.length === 0) return `<p class="quiet">No decisions</p>`;
  const listed = pickDecisions(decisions, maxCount);
  const leftOut = decisions.length - listed.length;
  const note =
    leftOut === 0
      ? ""
      : `<p class="quiet">${leftOut} more are not listed: changes of the phase go first.</p>`;
  return [
    `<details><summary>${eventCountsText(decisions)}</summary><div class="scroll"><table class="decisions">`,
    `<thead><tr><th scope="col">Time</th><th scope="col">Rule</th><th scope="col">Before → after</th><th scope="col">Inputs</th></tr></thead>`,
    `<tbody>${listed.map(rowHtml).join("\n")}</tbody></table></div>${note}</details>`,
  ].join("\n");
}

function rowHtml({ atMs, kind, summary, decision }: TraceEvent): string {
  const time = `<th scope="row">${clockOf(atMs)}</th>`;
  if (decision === undefined) {
    return `<tr class="${kind}">${time}<td colspan="3">${escapeHtml(summary)}</td></tr>`;
  }
  const { rule, inputs } = decision;
  const change = escapeHtml(changeText(decision));
  return `<tr>${time}<td>${escapeHtml(rule)}</td><td class="change">${change}</td><td>${inputsHtml(inputs)}</td></tr>`;
}

function inputsHtml(inputs: Readonly<Record<string, number | string>>): string {
  return Object.entries(inputs)
    .map(([name, value]) => {
      const shown = typeof value === "number" ? numberText(value) : value;
      return `<span>${escapeHtml(name)} <b>${escapeHtml(shown)}</b></span>`;
    })
    .join(" ");
}
