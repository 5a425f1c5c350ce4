import { expect, test } from "vitest";
import { domainOf } from "./chart-domain.ts";
import { conditionsSvg } from "./conditions-svg.ts";
import { fakeSample, fakeTrace } from "./fakes/fake-trace.ts";
import { htmlReport } from "./html-report.ts";
import type { Trace } from "./trace.ts";

const MINUTE_MS = 60_000;

/** An outage of one minute after two fair ones; nothing is answered while it lasts. */
const STORM: Trace = fakeTrace({
  durationMs: 4 * MINUTE_MS,
  samples: [
    fakeSample({ atMs: 0, latencyMs: 250, faultsPerSecond: 0 }),
    fakeSample({ atMs: MINUTE_MS, latencyMs: 1_000, faultsPerSecond: 0.5 }),
    fakeSample({ atMs: 2 * MINUTE_MS, faultsPerSecond: 4 }),
    fakeSample({ atMs: 3 * MINUTE_MS, latencyMs: 500, faultsPerSecond: 0 }),
    fakeSample({ atMs: 4 * MINUTE_MS, latencyMs: 250, faultsPerSecond: 0 }),
  ],
  weather: [
    { name: "healthy", isFair: true, fromMs: 0, untilMs: 2 * MINUTE_MS },
    { name: "<outage>", isFair: false, fromMs: 2 * MINUTE_MS, untilMs: 3 * MINUTE_MS },
    {
      name: "a recovery with a very long name",
      isFair: false,
      fromMs: 3 * MINUTE_MS,
      untilMs: 4 * MINUTE_MS,
    },
  ],
});

const svgOf = (trace: Trace) => conditionsSvg(trace, domainOf([trace]));
const pathsOf = (svg: string, kind: string) =>
  [...svg.matchAll(new RegExp(`class="${kind}" d="([^"]*)"`, "g"))].map(([, path]) => path);

test("each stage of the weather stands where it was, by its name if that fits", () => {
  const svg = svgOf(STORM);
  expect(pathsOf(svg, "weather fair")).toEqual(["M40 4H283V20H40Z"]);
  expect(pathsOf(svg, "weather foul")).toEqual(["M283 4H404.5V20H283Z", "M404.5 4H526V20H404.5Z"]);
  expect(svg).toContain("<title>2:00 to 3:00 &lt;outage&gt;</title>");
  expect(svg).toMatch(/<text class="x small" [^>]*>&lt;outage&gt;<\/text>/);
  expect(svg).not.toMatch(/<text[^>]*>a recovery/);
});

test("latency is a line with a gap where nothing was answered, and faults an area", () => {
  const svg = svgOf(STORM);
  expect(pathsOf(svg, "latency")).toEqual(["M40 49.4L161.5 29.6M404.5 42.8L526 49.4"]);
  const [faults = ""] = pathsOf(svg, "faults");
  expect(faults).toMatch(/^M40 90.*V67\.4.*V90.*H526V90H40Z$/);
  expect(svg).toContain(">1 s</text>");
  expect(svg).toContain(">4/s</text>");
});

test("a trace that knows nothing of the provider has no such picture, and no legend for it", () => {
  expect(svgOf(fakeTrace())).toBe("");
  expect(htmlReport([fakeTrace()])).not.toContain("median latency");
  expect(htmlReport([STORM])).toContain("median latency");
});

test("without faults and answers it is drawn too", () => {
  const samples = [fakeSample({ faultsPerSecond: 0 }), fakeSample({ atMs: 1_000, faultsPerSecond: 0 })];
  expect(svgOf(fakeTrace({ samples, durationMs: 1_000 }))).not.toMatch(/NaN|Infinity|undefined/);
});
