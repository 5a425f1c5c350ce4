import { asOperatorError } from "@sluice/aws/operator-errors";
import { messageOf, SluiceError, type SluiceErrorCode } from "@sluice/core/errors";
import { type ProviderStatus, readProviderStatus, URGENCIES, urgencyOf } from "@sluice/core/operator";
import { type Place, placeText } from "../connect/connection.ts";
import type { Style } from "../output/style.ts";
import { type Column, tableText } from "../output/table.ts";
import { type Answer, tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { printable } from "../text/printable.ts";
import { reasonText } from "../text/reason.ts";
import { spanText } from "../text/span.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

/** Options of `status`. */
interface StatusOptions extends PlaceOptions {
  readonly watch?: boolean;
}

/** A provider's status, or why there is none. */
type Seen =
  | { readonly kind: "seen"; readonly place: Place; readonly status: ProviderStatus }
  | { readonly kind: "unseen"; readonly providerId: string; readonly cause: string };

const SAME_FOR_ALL: readonly SluiceErrorCode[] = ["client-misconfigured", "name-invalid", "cloud-ambiguous"];
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
  const look = () => Promise.all(ids.map((id) => see({ ...options, provider: id }, isAlone, around)));
  if (!options.watch) {
    const seen = sorted(await look());
    tell(answerOf(seen), options, around);
    return seen.some(isBadNews) ? EXIT.badNews : EXIT.fine;
  }
  const { stdout, interrupt, clock } = around;
  while (!interrupt.aborted) {
    const seen = sorted(await look());
    // Home, and away with what was there: the screen does not flicker as it would if it were empty in between.
    if (stdout.isTerminal && !options.json) stdout.write("\u001b[H\u001b[J");
    tell(answerOf(seen), options, around);
    await clock.sleep(WATCH_EVERY_MS, interrupt);
  }
  return EXIT.interrupted;
}

async function see(
  options: PlaceOptions & { readonly provider: string },
  isAlone: boolean,
  around: Surroundings,
): Promise<Seen> {
  try {
    const { place, steering, history, queues } = await around.connect(options);
    const live = isAlone ? { queues: await queues() } : {};
    return { kind: "seen", place, status: await readProviderStatus({ ...steering, history, ...live }) };
  } catch (thrown) {
    const known = asOperatorError(thrown);
    // It would be the same for every provider.
    if (known instanceof SluiceError && SAME_FOR_ALL.includes(known.code)) throw known;
    return { kind: "unseen", providerId: options.provider, cause: messageOf(thrown) };
  }
}

function isBadNews(seen: Seen): boolean {
  return seen.kind === "unseen" || urgencyOf(seen.status) === "trouble";
}

function sorted(all: readonly Seen[]): readonly Seen[] {
  const rank = (seen: Seen) => (seen.kind === "unseen" ? 0 : URGENCIES.indexOf(urgencyOf(seen.status)));
  return all.toSorted((one, other) => rank(one) - rank(other));
}

function answerOf(all: readonly Seen[]): Answer {
  return {
    json: all.map((seen) =>
      seen.kind === "unseen"
        ? { providerId: seen.providerId, unreadable: seen.cause }
        : { ...seen.status, environment: seen.place.environment, urgency: urgencyOf(seen.status) },
    ),
    text: (style) => {
      const statuses = all.filter((seen) => seen.kind === "seen");
      const [first] = statuses;
      const place = first && style.isTerminal ? `${placeText(first.place)}\n` : "";
      const table = statuses.length === 0 ? "" : tableText(columnsIn(style), statuses, style);
      const unseen = all.filter((seen) => seen.kind === "unseen");
      return [
        place,
        table,
        ...unseen.map(
          ({ providerId, cause }) =>
            `${providerId}\t${style.paint("red", "not seen")}\t${printable(cause)}\n`,
        ),
      ].join("");
    },
  };
}

type StatusRow = Seen & { readonly kind: "seen" };

function columnsIn(style: Style): readonly Column<StatusRow>[] {
  const count = (value: number | undefined) => (value === undefined ? "?" : value.toLocaleString("en"));
  return [
    { title: "PROVIDER", cell: ({ status }) => status.providerId },
    { title: "STATE", cell: ({ status }) => stateText(status, style) },
    { title: "LIMIT", cell: ({ status }) => `${status.limit} of ${status.maxConcurrency}` },
    { title: "IN FLIGHT", isNumber: true, cell: ({ status }) => count(status.inFlightCount) },
    { title: "RECORDS", isNumber: true, cell: ({ status }) => count(queuedIn(status, "records")) },
    { title: "EXPRESS", isNumber: true, cell: ({ status }) => count(queuedIn(status, "express")) },
    { title: "DEAD", isNumber: true, cell: ({ status }) => count(status.queues?.deadLetterCount) },
    { title: "WHY", cell: ({ status }) => whyText(status, style) },
  ];
}

function queuedIn({ queues }: ProviderStatus, lane: "records" | "express"): number | undefined {
  const depth = queues?.queued[lane];
  return depth && depth.visibleCount + depth.inFlightCount;
}

/** The state in a word, in its colour. */
function stateText(status: ProviderStatus, { paint }: Style): string {
  if (status.phase === "open") return paint("red", "open");
  if (status.phase === "half-open") return paint("yellow", "half-open");
  if (status.isWakerSilent) return paint("red", "closed?");
  if (status.reasons.length > 0) return paint("yellow", "waiting");
  return paint("green", "closed");
}

/** All reasons to stay shut, orders that shape the limit, and how old what the waker saw is. */
function whyText(status: ProviderStatus, style: Style): string {
  const { reasons, orders, seen, atMs, isWakerSilent } = status;
  const { pin, force } = orders;
  const age = seen === undefined ? "never" : `${spanText(atMs - seen.atMs)} ago`;
  return [
    ...reasons.toReversed().map((reason) => reasonText(reason, style)),
    ...(pin === undefined ? [] : [`pinned to ${pin.limit} by ${printable(pin.by)}`]),
    ...(force === undefined ? [] : [`forced to ${force.limit} by ${printable(force.by)}`]),
    ...(isWakerSilent ? [`the waker was heard of ${age}`] : []),
  ].join("; ");
}
