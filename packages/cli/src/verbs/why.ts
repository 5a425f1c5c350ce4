import { type RecordStatus, readRecordStatus, type Wait } from "@sluice/core/record-status";
import type { Style } from "../output/style.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { endText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { type PlaceOptions, withPlace } from "./place-options.ts";
import { type AddVerb, EXIT, examplesText } from "./verb.ts";

/** Adds `why`: one record's day as a story. */
export const addWhy: AddVerb = (program, run) => {
  withPlace(program.command("why").argument("<record>", "id of a record, as it was enqueued"))
    .description(
      "tell where a record stands today, what has happened to it, and what it waits for; exit code 1 if it is dead",
    )
    .addHelpText("after", examplesText("why customer-1", "why --provider acme 'an id with spaces'"))
    .action(run(why));
};

async function why(around: Surroundings, recordId: string, options: PlaceOptions): Promise<number> {
  const connection = await around.connect(options);
  const { provider, steering } = connection;
  const status = await readRecordStatus(recordId, {
    ...connection,
    provider: provider.id,
    clock: steering.clock,
  });
  tell({ json: status, text: (style) => storyText(status, style) }, options, around);
  return status.state.kind === "dead" ? EXIT.badNews : EXIT.fine;
}

function storyText(status: RecordStatus, style: Style): string {
  const { recordId, day, runs, attempts, attemptCount, maxAttempts } = status;
  const atText = (atMs: number) => endText(atMs, style.nowMs, style.timeZone);
  const lines = [
    `${printable(recordId)} on ${day}: ${stateText(status, atText)}`,
    ...("waits" in status.state ? status.state.waits.map((wait) => `  ${waitText(wait, atText)}`) : []),
    ...runs.map(
      ({ runId, lane, createdAtMs, state, end }) =>
        `  enqueued ${atText(createdAtMs)} by run ${printable(runId)} (${lane}): ${end ?? `open, the run is ${state}`}`,
    ),
    ...attempts.map(
      ({ startedAtMs, outcome, latencyMs, cause, isFree }) =>
        `  started ${atText(startedAtMs)}: ${outcome}${latencyMs === undefined ? "" : ` after ${latencyMs} ms`}` +
        `${isFree ? ", not charged" : ""}${cause === undefined ? "" : `: ${printable(cause)}`}`,
    ),
    ...(attempts.length > 0 ? [`  ${attemptCount} of ${maxAttempts} attempts are charged`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function stateText({ state }: RecordStatus, atText: (atMs: number) => string): string {
  switch (state.kind) {
    case "unknown":
      return "never enqueued, or by a run that is over; not started today";
    case "queued":
      return "still queued, not started yet";
    case "fetching":
      return state.isCutOff
        ? `claimed by a dead invocation until ${atText(state.leaseUntilMs)}, which is past: its message starts it again`
        : `under way, claimed until ${atText(state.leaseUntilMs)}`;
    case "waiting":
      return "failed, and comes again";
    case "fetched":
      return `fetched ${atText(state.atMs)} by run ${printable(state.runId)}`;
    case "dead":
      return `dead since ${atText(state.atMs)} because ${printable(state.cause)}`;
  }
}

const WAIT_WORDS = {
  "back-off": "held by its back-off until",
  breaker: "held by the breaker, whose next probe is",
  environment: "held because our own side is broken; the next probe is",
  "retry-after": "held by the provider's Retry-After until",
  plan: "held by an operator, or closed, until",
  quota: "held by a quota until",
} as const;

function waitText(wait: Wait, atText: (atMs: number) => string): string {
  if (wait.kind === "queue") return `${wait.messageCount} messages wait before it or beside it`;
  return `${WAIT_WORDS[wait.kind]} ${wait.untilMs === undefined ? "an instant that is not known" : atText(wait.untilMs)}`;
}
