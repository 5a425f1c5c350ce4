import type { EndCounts } from "@sluice/core/records";
import type { RunStatus } from "@sluice/core/runs";
import type { BusEvent } from "../cloud/event-bus.ts";
import { countText, leftText } from "./figure-text.ts";

/** The name of the run that a local run enqueues: each has a table of its own. */
export const RUN_ID = "tonight";

/** The ledger of a run at its end. */
export interface RunLedger extends EndCounts {
  readonly accepted: number;
  readonly open: number;
  /** Distinct events that told of its completion. */
  readonly completedEvents: number;
}

/** The ledger of a run, with what came to the bus. */
export function runLedgerOf(status: RunStatus | undefined, events: readonly BusEvent[]): RunLedger {
  const { accepted = 0, open = 0, counts } = status ?? {};
  const ids = events
    .filter(({ detailType, detail }) => detailType === "Run Completed" && detail.runId === RUN_ID)
    .map(({ detail }) => detail.id);
  const none = { fetched: 0, fetchedBefore: 0, dead: 0, expired: 0, cancelled: 0 };
  return { accepted, ...none, ...counts, open, completedEvents: new Set(ids).size };
}

/** The pace of a run and the time that it will take still, in words; empty while that can't be told. */
export function paceText(
  { ratePerMinute, endsAtMs, endUnsureMs }: Partial<RunStatus>,
  nowMs: number,
): string {
  if (ratePerMinute === undefined) return "";
  const pace =
    ratePerMinute < 60 ? `${countText(ratePerMinute)} a minute` : `${countText(ratePerMinute / 60)} a second`;
  if (endsAtMs === undefined) return pace;
  return `${pace}, done in ${leftText(endsAtMs - nowMs)}${unsureText(endUnsureMs)}`;
}

/** Time by which the end of a run may come sooner or later, in words; empty where it is little. */
export function unsureText(endUnsureMs: number | undefined): string {
  return endUnsureMs === undefined ? "" : `, give or take ${leftText(endUnsureMs)}`;
}

/** The ends of a run's records, in words: those that there are. */
export function endsText({ counts, open }: Pick<RunStatus, "counts" | "open">): string {
  const { fetched, fetchedBefore, dead, expired, cancelled } = counts;
  const parts = { fetched, "fetched before": fetchedBefore, dead, expired, cancelled, open };
  const present = Object.entries(parts).filter(([name, count]) => count > 0 || name === "fetched");
  return present.map(([name, count]) => `${countText(count)} ${name}`).join(", ");
}
