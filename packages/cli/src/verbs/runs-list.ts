import { SluiceError } from "@sluice/core/errors";
import { providerDay } from "@sluice/core/provider";
import { type RunList, type RunSummary, readRunsOfDays } from "@sluice/core/runs";
import type { Connection } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import { type Column, tableText } from "../output/table.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { clockText, endText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { type Seen, seeEach, unseenJson, unseenText, valuesOf } from "./each-provider.ts";
import type { PlaceOptions } from "./place-options.ts";
import { countText, isTooLate } from "./run-text.ts";
import { EXIT } from "./verb.ts";

/** Options of `runs list`. */
interface ListOptions extends PlaceOptions {
  readonly day?: string;
}

/** The runs of one provider on one of its days. */
interface RunsOfProvider extends RunList {
  readonly providerId: string;
  readonly day: string;
}

/** Runs of a provider that are listed: each takes a read or a few. */
const RUNS_MAX = 100;

/** Lists the runs of a day. */
export async function listRuns(around: Surroundings, options: ListOptions): Promise<number> {
  const day = options.day === undefined ? undefined : dayOf(options.day);
  const ids = await around.listProviders(options);
  const all = await seeEach(ids, options, around, (connection) => runsOf(connection, day, around));
  const json = [
    ...valuesOf(all).flatMap(({ providerId, day: on, runs }) =>
      runs.map((run) => ({ providerId, day: on, ...run })),
    ),
    ...unseenJson(all),
  ];
  tell({ json, text: (style) => listText(all, style) }, options, around);
  return all.some(({ kind }) => kind === "unseen") ? EXIT.badNews : EXIT.fine;
}

async function runsOf(
  connection: Connection,
  asked: string | undefined,
  { clock }: Surroundings,
): Promise<RunsOfProvider> {
  const { id: providerId, timeZone } = connection.provider;
  const day = asked ?? providerDay(timeZone, clock.nowMs());
  return { providerId, day, ...(await readRunsOfDays([day], RUNS_MAX, { ...connection, timeZone, clock })) };
}

/** @throws SluiceError `input-invalid` for a text that is no day */
function dayOf(text: string): string {
  const isDay =
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    Number.isFinite(Date.parse(text)) &&
    new Date(text).toISOString().startsWith(text);
  if (isDay) return text;
  throw new SluiceError("input-invalid", `--day ${printable(text)} is no day: write one as 2026-11-21`);
}

type Row = RunSummary & { readonly providerId: string };

function listText(all: readonly Seen<RunsOfProvider>[], style: Style): string {
  const lists = valuesOf(all);
  const rows = lists.flatMap(({ providerId, runs }) => runs.map((run): Row => ({ ...run, providerId })));
  const more = lists.filter(({ moreCount }) => moreCount > 0);
  return [
    rows.length === 0 ? emptyText(lists, style) : tableText(columnsIn(style), rows, style),
    ...(style.isTerminal
      ? more.map(({ providerId, moreCount }) => `${countText(moreCount)} earlier runs of ${providerId}\n`)
      : []),
    unseenText(all, style),
  ].join("");
}

function emptyText([first]: readonly RunsOfProvider[], { isTerminal }: Style): string {
  if (!isTerminal || first === undefined) return "";
  return `No run began on ${first.day}: --day looks at another one, and sluice enqueue begins one.\n`;
}

function columnsIn({ nowMs, timeZone, paint }: Style): readonly Column<Row>[] {
  const ends = (row: Row) => {
    if (row.completedAtMs !== undefined) return clockText(row.completedAtMs, nowMs, timeZone);
    if (row.endsAtMs === undefined) return "";
    const text = endText(row.endsAtMs, nowMs, timeZone);
    return isTooLate(row) ? paint("red", `${text}, too late`) : text;
  };
  return [
    { title: "PROVIDER", cell: ({ providerId }) => providerId },
    { title: "RUN", cell: ({ runId }) => printable(runId) },
    { title: "LANE", cell: ({ lane }) => lane },
    { title: "STARTED", cell: ({ createdAtMs }) => clockText(createdAtMs, nowMs, timeZone) },
    { title: "STATE", cell: ({ state }) => state },
    { title: "RECORDS", isNumber: true, cell: ({ accepted }) => countText(accepted) },
    {
      title: "FETCHED",
      isNumber: true,
      cell: ({ counts }) => countText(counts.fetched + counts.fetchedBefore),
    },
    { title: "DEAD", isNumber: true, cell: ({ counts }) => countText(counts.dead) },
    {
      title: "NOT STARTED",
      isNumber: true,
      cell: ({ counts }) => countText(counts.expired + counts.cancelled),
    },
    { title: "OPEN", isNumber: true, cell: ({ open }) => countText(open) },
    { title: "ENDS", cell: ends },
    {
      title: "DEADLINE",
      cell: ({ deadlineMs }) => (deadlineMs === undefined ? "" : endText(deadlineMs, nowMs, timeZone)),
    },
  ];
}
