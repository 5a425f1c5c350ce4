import { type ReasonToStayShut, readSteering } from "@sluice/core/operator";
import type { Provider } from "@sluice/core/provider";
import { calendarOf } from "@sluice/core/steering";
import { quotaDayAt } from "@sluice/core/steering/quotas";
import type { Connection } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import { type Column, tableText } from "../output/table.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { clockText, endText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

/** Something that shapes when a provider may be called: in force, or ahead. */
interface Entry {
  readonly providerId: string;
  /** IANA name of the provider's time zone. */
  readonly timeZone: string;
  readonly kind: string;
  readonly what: string;
  /** Absent if it has begun. */
  readonly fromMs?: number;
  /** Absent if its end is not known. */
  readonly untilMs?: number;
}

/** Adds `holds`: all that keeps providers shut or slow, now and ahead. */
export const addHolds: AddVerb = (program, run) => {
  withPlace(program.command("holds"))
    .description(
      "list holds, pins, forces, windows and quotas, in force and ahead, on the provider's clock and yours",
    )
    .addHelpText("after", examplesText("holds", "holds --provider acme --json"))
    .action(run(holds));
};

async function holds(around: Surroundings, options: PlaceOptions): Promise<number> {
  const ids = await around.listProviders(options);
  const connections = await Promise.all(ids.map((provider) => around.connect({ ...options, provider })));
  const entries = (await Promise.all(connections.map((each) => entriesOf(each, around)))).flat();
  tell(
    {
      json: entries,
      text: (style) => {
        if (entries.length === 0 && style.isTerminal)
          return "Nothing holds or slows a provider, now or ahead.\n";
        return tableText(columnsIn(style), entries, style);
      },
    },
    options,
    around,
  );
  return EXIT.fine;
}

async function entriesOf({ steering }: Connection, { clock }: Surroundings): Promise<readonly Entry[]> {
  const { provider } = steering;
  const { orders, reasons } = await readSteering(steering);
  const nowMs = clock.nowMs();
  const own = { providerId: provider.id, timeZone: provider.timeZone };
  const ordered = Object.entries(orders).map(([kind, { by, reason, fromMs, untilMs, ...order }]): Entry => {
    const limit = "limit" in order ? `limit ${order.limit}, ` : "";
    const begins = fromMs > nowMs ? { fromMs } : {};
    return { ...own, kind, what: `${limit}by ${by}: ${reason}`, ...begins, untilMs };
  });
  const asked = reasons.filter(({ kind }) => kind === "retry-after");
  return [
    ...ordered,
    ...asked.flatMap(({ kind, untilMs }): Entry[] => [
      { ...own, kind, what: "the provider asks to wait", ...(untilMs !== undefined && { untilMs }) },
    ]),
    ...windowAhead(provider, nowMs).map((entry) => ({ ...own, ...entry })),
    ...quotasOf(provider, reasons, nowMs).map((entry) => ({ ...own, ...entry })),
  ];
}

type Part = Pick<Entry, "kind" | "what" | "fromMs" | "untilMs">;

/** The closing that is now, or comes next. */
function windowAhead({ windows, timeZone }: Provider, nowMs: number): readonly Part[] {
  if (windows === undefined) return [];
  const calendar = calendarOf(windows, timeZone);
  const now = calendar.stretchAt(nowMs);
  if (now.isOpen && !Number.isFinite(now.untilMs)) return [];
  const closed = now.isOpen ? calendar.stretchAt(now.untilMs) : now;
  const begins = now.isOpen ? { fromMs: closed.fromMs } : {};
  const ends = Number.isFinite(closed.untilMs) ? { untilMs: closed.untilMs } : {};
  return [{ kind: "window", what: "closed by its contract", ...begins, ...ends }];
}

/** The quotas, those of a day with their reset, and the end of what is used up. */
function quotasOf(
  { quotas = [], timeZone }: Provider,
  reasons: readonly ReasonToStayShut[],
  nowMs: number,
): readonly Part[] {
  const used = reasons.find(({ kind }) => kind === "quota");
  return [
    ...(used?.kind === "quota"
      ? [
          {
            kind: "quota",
            what: used.isBulkOnly ? "used up, but for express records" : "used up",
            untilMs: used.untilMs,
          },
        ]
      : []),
    ...quotas.map((quota) => ({
      kind: "quota",
      what: `${quota.requests.toLocaleString("en")} requests a ${quota.per}`,
      ...(quota.per === "day" && { untilMs: quotaDayAt(timeZone, quota, nowMs).endsAtMs }),
    })),
  ];
}

function columnsIn({ nowMs, timeZone }: Style): readonly Column<Entry>[] {
  const there = ({ untilMs, timeZone: zone }: Entry) =>
    untilMs === undefined || untilMs > nowMs + 366 * 86_400_000
      ? ""
      : `${clockText(untilMs, nowMs, zone)} ${zone}`;
  return [
    { title: "PROVIDER", cell: ({ providerId }) => providerId },
    { title: "KIND", cell: ({ kind }) => kind },
    {
      title: "FROM",
      cell: ({ fromMs }) => (fromMs === undefined ? "now" : endText(fromMs, nowMs, timeZone)),
    },
    {
      title: "UNTIL",
      cell: ({ untilMs }) => (untilMs === undefined ? "" : endText(untilMs, nowMs, timeZone)),
    },
    { title: "THERE", cell: there },
    { title: "WHAT", cell: ({ what }) => printable(what) },
  ];
}
