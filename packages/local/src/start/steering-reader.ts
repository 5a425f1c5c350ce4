import { type ReasonToStayShut, readSteering, type SteeringDeps } from "@sluice/core/operator";
import { type Provider, SLIDING_PERIOD_MS } from "@sluice/core/provider";
import { accessAt, calendarOf } from "@sluice/core/steering";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import { createQuotaStore, type Table } from "@sluice/core/storage";
import type { RequestLog } from "../provider-simulator/request-log.ts";
import type { AccessView, QuotaView, ShutReason, SteeringView } from "./steering-view.ts";

/** Reads how a provider is steered at this instant. @throws Unreachable, StoredRowInvalid */
export type SteeringReader = () => Promise<SteeringView>;

/** The parts that a reader works with. */
export interface SteeringReaderDeps {
  readonly steering: SteeringDeps;
  readonly table: Table;
  /** The provider's own account, for quotas whose period slides: the table has none. */
  readonly requests: Pick<RequestLog, "startCountSince">;
}

/** Makes a reader for a provider's table. */
export function createSteeringReader({ steering, table, requests }: SteeringReaderDeps): SteeringReader {
  const { provider, clock } = steering;
  const { quotas = [], timeZone } = provider;
  const store = createQuotaStore(table, provider.id);
  const accessOf = accessReader(provider);

  async function usesAt(nowMs: number): Promise<QuotaView[]> {
    if (quotas.length === 0) return [];
    const { day, usedCount } = await store.read();
    return quotas.map((quota): QuotaView => {
      const { per, requests: allowed } = quota;
      if (quota.per !== "day") {
        const sinceMs = nowMs - SLIDING_PERIOD_MS[quota.per] + 1;
        return { per, requests: allowed, usedCount: requests.startCountSince(sinceMs) };
      }
      const today = quotaDayAt(timeZone, quota, nowMs);
      const used = today.name === day ? usedCount : 0;
      return { per, requests: allowed, usedCount: used, resetsAtMs: today.endsAtMs };
    });
  }

  return async () => {
    const [{ reasons }, uses] = await Promise.all([readSteering(steering), usesAt(clock.nowMs())]);
    const nowMs = clock.nowMs();
    const access = accessOf(nowMs);
    return {
      nowMs,
      timeZone,
      ...(access && { access }),
      quotas: uses,
      reasons: reasons.map(shutReasonOf),
    };
  };
}

/** Makes a function that reads the windows; it answers undefined where there are none. */
function accessReader(provider: Provider): (nowMs: number) => AccessView | undefined {
  const { windows, timeZone } = provider;
  if (windows === undefined) return () => undefined;
  const calendar = calendarOf(windows, timeZone);
  return (nowMs) => {
    const { isOpen, untilMs } = calendar.stretchAt(nowMs);
    return {
      isOpen,
      mayStart: accessAt(provider, nowMs).kind === "open",
      ...(Number.isFinite(untilMs) && { untilMs }),
    };
  };
}

/** Reasons of contract and operators: it is no trouble then that nothing moves. */
const PLANNED: ReadonlySet<ReasonToStayShut["kind"]> = new Set(["order", "window", "quota"]);

function shutReasonOf(reason: ReasonToStayShut): ShutReason {
  const { kind, untilMs } = reason;
  return {
    name: nameOf(reason),
    isPlanned: PLANNED.has(kind),
    ...(untilMs !== undefined && { untilMs }),
  };
}

function nameOf(reason: ReasonToStayShut): string {
  switch (reason.kind) {
    case "order":
      return reason.order === undefined ? "an operator" : `operator ${reason.order.by}`;
    case "retry-after":
      return "the provider's Retry-After";
    case "window":
      return "access window";
    case "quota":
      return reason.isBulkOnly ? "quota, but for express records," : "quota";
    case "environment":
      return reason.form === "cant-begin" ? "workers that can't begin" : "rejections of everything";
    case "tripped":
      return "the tripped breaker, no probe";
    case "probing":
      return "a probe under way";
  }
}
