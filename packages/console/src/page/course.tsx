import type { Point } from "@sluice/core/history";
import { useMemo } from "preact/hooks";
import type { ProviderView } from "../server/views.ts";
import { Chart, type Line } from "./chart.tsx";
import type { EventPlace } from "./event-pages.ts";
import { NoHistory, Section } from "./parts.tsx";
import { instantText } from "./text.ts";

/** The time that is shown at first. */
export const HOUR_MS = 60 * 60_000;
const SPANS = [
  ["1 hour", HOUR_MS],
  ["6 hours", 6 * HOUR_MS],
  ["1 day", 24 * HOUR_MS],
  ["14 days", 14 * 24 * HOUR_MS],
] as const;

const LIMITS: readonly Line[] = [
  { label: "X", color: "quiet", read: ({ maxConcurrency }) => maxConcurrency },
  { label: "limit", color: "accent", read: ({ limit }) => limit },
  { label: "in flight", color: "good", read: ({ inFlightCount }) => inFlightCount },
];
const OUTCOMES: readonly Line[] = [
  { label: "ok", color: "good", read: ({ perMinute }) => perMinute.ok },
  { label: "slow", color: "warn", read: ({ perMinute }) => perMinute.slow },
  { label: "fault", color: "bad", read: ({ perMinute }) => perMinute.fault },
  { label: "throttled", color: "violet", read: ({ perMinute }) => perMinute.throttled },
];
const LATENCIES: readonly Line[] = [
  { label: "p50", color: "accent", read: ({ latencyMs }: Point) => latencyMs?.p50 },
  { label: "p95", color: "warn", read: ({ latencyMs }: Point) => latencyMs?.p95 },
];

/** A provider over time, with a mark for each decision; a click on one asks for it. */
export function Course({
  view: { points, marks, marksSinceMs },
  overMs,
  onOver,
  onMark,
}: {
  view: ProviderView;
  overMs: number;
  onOver: (overMs: number) => void;
  onMark: (mark: EventPlace) => void;
}) {
  const decisions = useMemo(() => marks.filter(({ kind }) => kind === "decision"), [marks]);
  const marked = { points, marks: decisions, onMark };
  return (
    <Section title="The course of it">
      <fieldset class="choices">
        <legend>time shown</legend>
        {SPANS.map(([label, spanMs]) => (
          <button key={label} type="button" aria-pressed={overMs === spanMs} onClick={() => onOver(spanMs)}>
            {label}
          </button>
        ))}
      </fieldset>
      {points.length < 2 && <NoHistory />}
      <Chart title="Requests at once" lines={LIMITS} {...marked} />
      <Chart title="Attempts a minute" lines={OUTCOMES} {...marked} />
      <Chart title="Latency of what succeeded, in ms" points={points} lines={LATENCIES} />
      {marksSinceMs !== undefined && (
        <p class="quiet">Decisions are marked from {instantText(marksSinceMs)} on.</p>
      )}
    </Section>
  );
}
