import { expect, test } from "vitest";
import { fakeDecision, fakeSample, fakeTrace } from "./fakes/fake-trace.ts";
import { htmlReport } from "./html-report.ts";
import type { TraceEvent } from "./trace.ts";

const HOSTILE = `<script>alert("x")</script>&'`;
const VALVE_SHUT: TraceEvent = { atMs: 600_000, kind: "valve", summary: "valve shut" };

test("a chart holds capacity, bound, in flight, limit, each phase, valve, and a tick with its text", () => {
  const svg = onlyChartOf(htmlReport([fakeTrace()]));
  const kinds = [...svg.matchAll(/<path class="([^"]+)"/g)].map(([, kind]) => kind);
  expect(kinds).toEqual([
    "grid",
    "capacity",
    "bound",
    "flight",
    "limit",
    "phase closed",
    "phase half-open",
    "phase open",
    "valve",
    "ticks",
    "tip",
  ]);
  expect(svg).toContain("<title>10:00 outage plainly seen: limit 10 → open</title>");
  expect(svg).toContain(
    `aria-label="blackout · sluice · seed 1. Most in flight 8 of 20, limit 1 to 10, 1 trip, 1 decision."`,
  );
});

test("limit, capacity and valve are steps, and the last value holds to the end of the run", () => {
  const samples = fakeTrace().samples.filter(({ atMs }) => atMs <= 17 * 60_000);
  const svg = onlyChartOf(htmlReport([fakeTrace({ samples })]));
  expect(pathOf(svg, "limit")).toBe("M40 97.2H258.7H283V160.9H428.8H453.1V97.2H526");
  expect(pathOf(svg, "capacity")).toMatch(/^M40 \S+H\S+V168\S*H526V168H40Z$/);
  expect(pathOf(svg, "valve")).toMatch(/H526$/);
});

test("each phase lies where it was", () => {
  const svg = onlyChartOf(htmlReport([fakeTrace()]));
  expect(pathOf(svg, "phase open")).toBe("M283 180H428.8");
  expect(pathOf(svg, "phase half-open")).toBe("M428.8 180H453.1");
  expect(pathOf(svg, "phase closed")).toBe("M40 180H283M453.1 180H526");
});

test("the figures head the chart, and each decision is listed with rule, change and inputs", () => {
  const html = htmlReport([fakeTrace({ events: [fakeDecision(), VALVE_SHUT] })]);
  expect(html).toContain("<h3>sluice</h3>");
  expect(html).toContain("<dt>goodput</dt><dd>0.93</dd>");
  expect(html).toContain("<summary>1 decision, 1 valve update</summary>");
  expect(html).toContain(`<td>outage plainly seen</td><td class="change">closed 10 → open</td>`);
  expect(html).toContain("<span>fault share <b>0.988</b></span>");
  expect(html).toContain(`<tr class="valve"><th scope="row">10:00</th><td colspan="3">valve shut</td></tr>`);
});

test("traces of one scenario stand side by side on the same axes", () => {
  const wide = fakeTrace({ law: "fixed", maxConcurrency: 33 });
  const html = htmlReport([fakeTrace(), wide, fakeTrace({ scenario: "calm" })]);
  expect([...html.matchAll(/<h2[^>]*>([^<]*)/g)].map(([, name]) => name)).toEqual(["blackout", "calm"]);
  const [first = "", second = ""] = chartsOf(html);
  expect(pathOf(second, "grid")).toBe(pathOf(first, "grid"));
  expect(first).toContain(">30</text>");
  const sections = html.split("<section").slice(1);
  expect(sections.map((section) => chartsOf(section).length)).toEqual([2, 1]);
});

test("a trace without a scenario stands alone under its title", () => {
  const { scenario: _, law: __, ...alone } = fakeTrace({ title: "today's run" });
  const html = htmlReport([alone]);
  expect(html).toContain("today&#39;s run</h2>");
  expect(html).toContain("<h3>today&#39;s run</h3>");
});

test("all text is escaped", () => {
  const decision = fakeDecision({
    summary: HOSTILE,
    decision: {
      rule: HOSTILE,
      inputs: { [HOSTILE]: HOSTILE },
      before: { phase: "closed", limit: 2, epoch: 1 },
      after: { phase: "closed", limit: 1, epoch: 2 },
    },
  });
  const trace = fakeTrace({
    title: HOSTILE,
    scenario: HOSTILE,
    law: HOSTILE,
    figures: { [HOSTILE]: HOSTILE },
    events: [decision, { ...VALVE_SHUT, summary: HOSTILE }],
  });
  const table = { caption: HOSTILE, columns: [{ name: HOSTILE }], rows: [[HOSTILE]] };
  const html = htmlReport([trace, fakeTrace()], [table]);
  expect(html).not.toContain("<script");
  expect(html.split("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;")).toHaveLength(16);
});

test("the page needs nothing else and follows the reader's light or dark", () => {
  const html = htmlReport([fakeTrace()]);
  expect(html).not.toMatch(/<(script|link|img|iframe)|url\(|@import|https?:/);
  expect(html).toContain("prefers-color-scheme: dark");
});

test("an empty trace says so, and one sample is drawn to the end", () => {
  const empty = htmlReport([fakeTrace({ samples: [], events: [] })]);
  expect(onlyChartOf(empty)).toContain(">No samples</text>");
  expect(empty).toContain("No decisions");
  const svg = onlyChartOf(htmlReport([fakeTrace({ samples: [fakeSample()] })]));
  expect(pathOf(svg, "limit")).toMatch(/^M40 \S+H526$/);
  expect(pathOf(svg, "flight")).toMatch(/^M40 \S+h0$/);
  expect(`${empty}${svg}`).not.toMatch(/NaN|Infinity|undefined/);
});

test("no trace at all is a page too", () => {
  expect(htmlReport([])).toContain("No runs.");
});

test("a spike of one sample in ten thousand is drawn, and the chart stays small", () => {
  const samples = Array.from({ length: 10_000 }, (_, second) =>
    fakeSample({ atMs: second * 1_000, inFlightCount: second === 5_000 ? 20 : second % 3 }),
  );
  const svg = onlyChartOf(htmlReport([fakeTrace({ samples, durationMs: 10_000_000, events: [] })]));
  const path = pathOf(svg, "flight");
  expect(path).toContain(` ${pathOf(svg, "bound").split(/[ H]/)[1]}L`);
  expect(path.split("L").length).toBeLessThanOrEqual(400);
  expect(svg.length).toBeLessThan(20_000);
});

test("of too many decisions the changes of the phase stay listed, and the rest is counted", () => {
  const many = Array.from({ length: 700 }, (_, index) => ({ ...VALVE_SHUT, atMs: index * 1_000 }));
  const html = htmlReport([fakeTrace({ events: [...many, fakeDecision({ atMs: 700_000 })] })]);
  expect(html.split(`<tr class="valve">`)).toHaveLength(500);
  expect(html).toContain("201 more are not listed");
  expect(html).toContain("closed 10 → open");
});

test("a table heads its rows and marks the best of each column that has one", () => {
  const html = htmlReport(
    [],
    [
      {
        caption: "Laws",
        columns: [
          { name: "law" },
          { name: "goodput", fractionDigits: 3, best: "highest" },
          { name: "harm", fractionDigits: 1, best: "lowest" },
        ],
        rows: [
          ["sluice", 0.95, 2],
          ["fixed", 0.75, 20],
        ],
      },
    ],
  );
  expect(html).toContain(`<th scope="row">sluice</th>`);
  expect(html).toContain(`<td class="number"><strong>0.950</strong></td>`);
  expect(html).toContain(`<td class="number"><strong>2.0</strong></td>`);
  expect(html.split("<strong>")).toHaveLength(3);
});

function chartsOf(html: string): string[] {
  return [...html.matchAll(/<svg[^>]*role="img".*?<\/svg>/gs)].map(([svg]) => svg);
}

function onlyChartOf(html: string): string {
  const charts = chartsOf(html);
  expect(charts).toHaveLength(1);
  return charts[0] ?? "";
}

function pathOf(svg: string, kind: string): string {
  return new RegExp(`<path class="${kind}" d="([^"]*)"`).exec(svg)?.[1] ?? "";
}
