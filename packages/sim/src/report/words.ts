import type { Control, Decision } from "@sluice/core/law";

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] ?? character);
}

/** A time of a run, such as `7:05`, or `1:07:05` after an hour. */
export function clockOf(atMs: number): string {
  const totalSeconds = Math.floor(atMs / 1_000);
  const hours = Math.floor(totalSeconds / 3_600);
  const minutes = Math.floor(totalSeconds / 60) % 60;
  const seconds = String(totalSeconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** The change that a decision made, such as `20 → 14` or `closed 14 → open`. */
export function changeText({ before, after }: Pick<Decision, "before" | "after">): string {
  if (before.phase === "closed" && after.phase === "closed") {
    return `${numberText(before.limit)} → ${numberText(after.limit)}`;
  }
  return `${statusText(before)} → ${statusText(after)}`;
}

/** A number of things, such as `1 trip` or `1,234 records`. */
export function numberOf(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number for reading: three digits matter. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value.toLocaleString("en-US", { maximumSignificantDigits: Math.abs(value) >= 1_000 ? 6 : 3 });
}

function statusText({ phase, limit }: Control): string {
  return phase === "closed" ? `closed ${numberText(limit)}` : phase;
}
