import { type ReasonToStayShut, readSteering, type SteeringDeps } from "@sluice/core/operator";
import type { Provider, Quota } from "@sluice/core/provider";
import { accessAt, calendarOf } from "@sluice/core/steering";
import { quotaDayAt, quotasPartOf } from "@sluice/core/steering/quotas";
import { createQuotaStore, type Table } from "@sluice/core/storage";
import type { RequestLog } from "../provider-simulator/request-log.ts";
import { SLIDING_MS } from "./quota-peaks.ts";
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

/** A wait for a quota that is shorter is its even pace, and not its end. */
const PACE_MAX_MS = 10_000;

/** Makes a reader for a provider's table. */
export function createSteeringReader({ steering, table, requests }: SteeringReaderDeps): SteeringReader {
  const { provider, clock } = steering;
  const { quotas: contractQuotas = [], timeZone } = provider;
  const store = createQuotaStore(table, provider.id);
  const { quotas } = quotasPartOf(steering, () => store);
  const accessOf = accessReader(provider);

  async function usesAt(nowMs: number): Promise<QuotaView[]> {
    if (quotas === undefined) return [];
    const { day, usedCount } = await store.read();
    return contractQuotas.map(({ per, requests: allowed, ...quota }): QuotaView => {
      if (per !== "day") {
        return { per, requests: allowed, usedCount: requests.startCountSince(nowMs - SLIDING_MS[per] + 1) };
      }
      const today = quotaDayAt(timeZone, quota as DayReset, nowMs);
      const used = today.name === day ? usedCount : 0;
      return { per, requests: allowed, usedCount: used, resetsAtMs: today.endsAtMs };
    });
  }

  async function quotaReasons(nowMs: number): Promise<ShutReason[]> {
    if (quotas === undefined) return [];
    const untilMs = await quotas.readHeldUntilMs();
    if (untilMs.records <= nowMs + PACE_MAX_MS) return [];
    const name = untilMs.express > nowMs + PACE_MAX_MS ? "quota" : "quota, but for express records,";
    return [{ name, isPlanned: true, untilMs: untilMs.records }];
  }

  return async () => {
    const [{ reasons }, uses, ofQuota] = await Promise.all([
      readSteering(steering),
      usesAt(clock.nowMs()),
      quotaReasons(clock.nowMs()),
    ]);
    const nowMs = clock.nowMs();
    const access = accessOf(nowMs);
    const all = [...reasons.map(shutReasonOf), ...ofQuota, ...(access?.reasons ?? [])];
    return {
      nowMs,
      timeZone,
      ...(access && { access: access.view }),
      quotas: uses,
      reasons: all.toSorted((one, other) => (one.untilMs ?? 0) - (other.untilMs ?? 0)),
    };
  };
}

type DayReset = Pick<Extract<Quota, { per: "day" }>, "resetsAt">;

interface ReadAccess {
  readonly view: AccessView;
  readonly reasons: readonly ShutReason[];
}

/** Makes a function that reads the windows; it answers undefined where there are none. */
function accessReader(provider: Provider): (nowMs: number) => ReadAccess | undefined {
  const { windows, timeZone } = provider;
  if (windows === undefined) return () => undefined;
  const calendar = calendarOf(windows, timeZone);
  return (nowMs) => {
    const access = accessAt(provider, nowMs);
    const { isOpen, untilMs } = calendar.stretchAt(nowMs);
    const view = {
      isOpen,
      mayStart: access.kind === "open",
      ...(Number.isFinite(untilMs) && { untilMs }),
    };
    if (access.kind === "open") return { view, reasons: [] };
    const { opensAtMs } = access;
    const reason = { name: "access window", isPlanned: true };
    return { view, reasons: [{ ...reason, ...(opensAtMs !== undefined && { untilMs: opensAtMs }) }] };
  };
}

function shutReasonOf(reason: ReasonToStayShut): ShutReason {
  const { kind, untilMs } = reason;
  return {
    name: nameOf(reason),
    isPlanned: kind === "order",
    ...(untilMs !== undefined && { untilMs }),
  };
}

function nameOf(reason: ReasonToStayShut): string {
  switch (reason.kind) {
    case "order":
      return reason.order === undefined ? "an operator" : `operator ${reason.order.by}`;
    case "retry-after":
      return "the provider's Retry-After";
    case "environment":
      return reason.form === "cant-begin" ? "workers that can't begin" : "rejections of everything";
    case "tripped":
      return "the tripped breaker, no probe";
    case "probing":
      return "a probe under way";
  }
}
