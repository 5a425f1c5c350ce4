import type { ComponentChildren } from "preact";
import { countText, instantText, shortText } from "./text.ts";

/** Trouble of the page itself. */
export function Problem({ problem, isLost }: { problem?: string | undefined; isLost: boolean }) {
  return (
    <div role="status">
      {isLost && <p class="problem">The console's server does not answer: what is shown may be old.</p>}
      {problem !== undefined && <p class="problem">{problem}</p>}
    </div>
  );
}

/** A share as a bar, in words too. `mark`: a part of it that is in use. */
export function Bar({ label, value, of, mark }: { label: string; value: number; of: number; mark?: number }) {
  const share = of > 0 ? Math.min(1, value / of) : 0;
  const used = mark !== undefined && of > 0 ? Math.min(1, mark / of) : 0;
  return (
    <div class="bar">
      <span>
        {label} {countText(value)} of {countText(of)}
      </span>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="8" />
        <rect class="fill" width={100 * share} height="8" />
        <rect class="use" y="3" width={100 * used} height="2" />
      </svg>
    </div>
  );
}

/** Why nothing is drawn yet. */
export function NoHistory() {
  return <p class="quiet">No history yet: the first points come after two minutes.</p>;
}

/** The course of a number, without axes. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  if (values.length < 2) return <NoHistory />;
  const most = Math.max(...values, 1);
  const points = values.map(
    (value, index) => `${(index * 100) / (values.length - 1)},${29 - (28 * value) / most}`,
  );
  return (
    <>
      <p class="quiet spark-title">{label}</p>
      <svg
        class="spark"
        viewBox="0 0 100 30"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}, at most ${shortText(most)}`}
      >
        <polyline points={points.join(" ")} />
      </svg>
    </>
  );
}

/** An instant that breaks between its day and its time only. */
export function Instant({ atMs }: { atMs: number }) {
  const [first, second] = instantText(atMs).split(" ");
  return (
    <time dateTime={new Date(atMs).toISOString()}>
      <span class="short">{first}</span> <span class="short">{second}</span>
    </time>
  );
}

/** A part of a page with a heading. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="section">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
