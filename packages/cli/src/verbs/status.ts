import {
  type Progress,
  type ProviderStatus,
  readProgress,
  readProviderStatus,
  URGENCIES,
  urgencyOf,
} from "@sluice/core/operator";
import { type Connection, type Place, placeText } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import { type Column, tableText } from "../output/table.ts";
import { type Answer, tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { type Seen, seeEach, unseenJson, unseenText, valuesOf } from "./each-provider.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { doneText, oldestText, quotaText, stateText, todayText, whyText } from "./status-text.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

/** Options of `status`. */
interface StatusOptions extends PlaceOptions {
  readonly watch?: boolean;
}

/** A provider as it is, and how far it is. */
interface Row {
  readonly place: Place;
  readonly status: ProviderStatus;
  readonly progress: Progress;
}

const WATCH_EVERY_MS = 2_000;

/** Adds `status`: how all providers are, the worst first. */
export const addStatus: AddVerb = (program, run) => {
  withPlace(program.command("status"))
    .description("show how providers are, the worst first; exit code 1 if one is in trouble")
    .option("--watch", "show it anew every two seconds, until Ctrl-C")
    .addHelpText("after", examplesText("status", "status --provider acme --watch", "status --json"))
    .action(run(status));
};

async function status(around: Surroundings, options: StatusOptions): Promise<number> {
  const ids = await around.listProviders(options);
  // Of one provider the queues are counted; of many the waker's counts do, a minute old at most.
  const isAlone = ids.length === 1;
  const look = async () =>
    sorted(await seeEach(ids, options, around, (connection) => readRow(connection, isAlone)));
  if (!options.watch) {
    const seen = await look();
    tell(answerOf(seen), options, around);
    return seen.some(isBadNews) ? EXIT.badNews : EXIT.fine;
  }
  const { stdout, interrupt, clock } = around;
  while (!interrupt.aborted) {
    const seen = await look();
    // Home, and away with what was there: the screen does not flicker as it would if it were empty in between.
    if (stdout.isTerminal && !options.json) stdout.write("\u001b[H\u001b[J");
    tell(answerOf(seen), options, around);
    await clock.sleep(WATCH_EVERY_MS, interrupt);
  }
  return EXIT.interrupted;
}

async function readRow(
  { place, steering, history, runs, queues }: Connection,
  isAlone: boolean,
): Promise<Row> {
  const live = isAlone ? { queues: await queues() } : {};
  const [status, progress] = await Promise.all([
    readProviderStatus({ ...steering, history, ...live }),
    readProgress({ ...steering, history, runs }),
  ]);
  return { place, status, progress };
}

function isBadNews(seen: Seen<Row>): boolean {
  return seen.kind === "unseen" || urgencyOf(seen.value.status) === "trouble";
}

function sorted(all: readonly Seen<Row>[]): readonly Seen<Row>[] {
  const rank = (seen: Seen<Row>) =>
    seen.kind === "unseen" ? 0 : URGENCIES.indexOf(urgencyOf(seen.value.status));
  return all.toSorted((one, other) => rank(one) - rank(other));
}

function answerOf(all: readonly Seen<Row>[]): Answer {
  const rows = valuesOf(all);
  return {
    json: [
      ...unseenJson(all),
      ...rows.map(({ status, progress, place: { environment } }) => ({
        ...status,
        environment,
        urgency: urgencyOf(status),
        progress,
      })),
    ],
    text: (style) => {
      const [first] = rows;
      const place = first && style.isTerminal ? `${placeText(first.place)}\n` : "";
      const table = rows.length === 0 ? "" : tableText(columnsIn(style), rows, style);
      return [place, table, ...(style.isTerminal ? whyLines(rows, style) : []), unseenText(all, style)].join(
        "",
      );
    },
  };
}

/** Below the table, where they have room; in a pipe they are its last cell. */
function whyLines(rows: readonly Row[], style: Style): readonly string[] {
  return rows.flatMap(({ status, progress }) => {
    const why = whyText(status, progress, style);
    return why === "" ? [] : [`${style.paint("dim", `${status.providerId}:`)} ${why}\n`];
  });
}

function columnsIn(style: Style): readonly Column<Row>[] {
  const count = (value: number | undefined) => (value === undefined ? "?" : value.toLocaleString("en"));
  const columns: readonly Column<Row>[] = [
    { title: "PROVIDER", cell: ({ status }) => status.providerId },
    { title: "STATE", cell: ({ status }) => stateText(status, style) },
    { title: "LIMIT", cell: ({ status }) => `${status.limit} of ${status.maxConcurrency}` },
    { title: "IN FLIGHT", isNumber: true, cell: ({ status }) => count(status.inFlightCount) },
    { title: "RECORDS", isNumber: true, cell: ({ status }) => count(queuedIn(status, "records")) },
    { title: "EXPRESS", isNumber: true, cell: ({ status }) => count(queuedIn(status, "express")) },
    { title: "OLDEST", cell: ({ progress }) => oldestText(progress, style) },
    { title: "DEAD", isNumber: true, cell: ({ status }) => count(status.queues?.deadLetterCount) },
    { title: "TODAY", cell: ({ progress }) => todayText(progress, style) },
    { title: "QUOTA LEFT", cell: ({ progress }) => quotaText(progress, style) },
    { title: "DONE", cell: ({ progress }) => doneText(progress, style) },
  ];
  if (style.isTerminal) return columns;
  return [...columns, { title: "WHY", cell: ({ status, progress }) => whyText(status, progress, style) }];
}

function queuedIn({ queues }: ProviderStatus, lane: "records" | "express"): number | undefined {
  const depth = queues?.queued[lane];
  return depth && depth.visibleCount + depth.inFlightCount;
}
