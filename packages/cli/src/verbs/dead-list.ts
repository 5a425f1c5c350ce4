import { type CauseGroup, type DeadLetter, groupByCause } from "@sluice/core/dead-letters";
import { SluiceError } from "@sluice/core/errors";
import type { Style } from "../output/style.ts";
import { type Column, tableText } from "../output/table.ts";
import { tell } from "../output/tell.ts";
import type { Surroundings } from "../surroundings.ts";
import { momentText } from "../text/instant.ts";
import { printable } from "../text/printable.ts";
import { deadLettersDepsOf, hintOf, readChosen } from "./dead-options.ts";
import type { PlaceOptions } from "./place-options.ts";
import { countText } from "./run-text.ts";
import { EXIT } from "./verb.ts";

/** Options of `dead list`. */
export interface DeadListOptions extends PlaceOptions {
  readonly cause?: string;
  readonly letters?: boolean;
}

/** Lists dead letters, grouped by cause or one by one. */
export async function listDead(around: Surroundings, options: DeadListOptions): Promise<number> {
  const { cause, letters: isEach = false } = options;
  const deps = await deadLettersDepsOf(await around.connect(options));
  const filter = cause === undefined ? ({ kind: "all" } as const) : ({ kind: "cause", text: cause } as const);
  const read = await readChosen(filter, deps, around);
  const groups = groupByCause(read.letters);
  const { isComplete, elsewhereCount } = read;
  tell(
    {
      json: { isComplete, elsewhereCount, ...(isEach ? { letters: read.letters } : { groups }) },
      text: (style) => {
        if (read.letters.length === 0 && style.isTerminal) return `No dead letters.\n${hintOf(read)}`;
        const table = isEach
          ? tableText(letterColumns(style), read.letters, style)
          : tableText(groupColumns(style), groups, style);
        return style.isTerminal ? table + hintOf(read) : table;
      },
    },
    options,
    around,
  );
  return around.interrupt.aborted ? EXIT.interrupted : EXIT.fine;
}

function groupColumns(style: Style): readonly Column<CauseGroup>[] {
  const time = (atMs: number) => timeText(atMs, style);
  return [
    { title: "COUNT", isNumber: true, cell: ({ count }) => countText(count) },
    { title: "FIRST", cell: ({ firstAtMs }) => time(firstAtMs) },
    { title: "LAST", cell: ({ lastAtMs }) => time(lastAtMs) },
    { title: "EXAMPLE", cell: ({ example }) => printable(example.message?.recordId ?? example.id) },
    {
      title: "CAUSE",
      cell: ({ causeKind, isMalformed }) => `${printable(causeKind)}${isMalformed ? " (can't go back)" : ""}`,
    },
  ];
}

function letterColumns(style: Style): readonly Column<DeadLetter>[] {
  return [
    { title: "LETTER", cell: ({ id }) => id },
    { title: "RECORD", cell: ({ message }) => (message === undefined ? "" : printable(message.recordId)) },
    { title: "RUN", cell: ({ message }) => (message === undefined ? "" : printable(message.runId)) },
    { title: "DIED", cell: ({ deadLetteredAtMs }) => timeText(deadLetteredAtMs, style) },
    {
      title: "ATTEMPTS",
      isNumber: true,
      cell: ({ attempts }) => (attempts === undefined ? "" : String(attempts)),
    },
    { title: "CAUSE", cell: ({ cause }) => printable(cause) },
  ];
}

function timeText(atMs: number, { isTerminal, nowMs, timeZone }: Style): string {
  return isTerminal ? momentText(atMs, nowMs, timeZone) : new Date(atMs).toISOString();
}

/** Shows a dead letter in full: its payload, and the cause, which has the provider's last answer. */
export async function showDead(around: Surroundings, id: string, options: PlaceOptions): Promise<number> {
  const deps = await deadLettersDepsOf(await around.connect(options));
  const read = await readChosen({ kind: "ids", ids: [id] }, deps, around);
  if (read.letters.length === 0) {
    throw new SluiceError(
      "input-invalid",
      `No dead letter has or is of the record ${id}. ${hintOf(read)}`.trim(),
    );
  }
  tell(
    {
      json: read.letters,
      text: (style) => read.letters.map((letter) => letterText(letter, style)).join("\n"),
    },
    options,
    around,
  );
  return EXIT.fine;
}

function letterText(
  { id, message, body, cause, attempts, deadLetteredAtMs }: DeadLetter,
  style: Style,
): string {
  const payload = message?.payload;
  const facts: readonly (readonly [name: string, text: string | undefined])[] = [
    ["letter", id],
    ["record", message?.recordId],
    ["run", message?.runId],
    ["correlation", message?.correlationId],
    ["died", timeText(deadLetteredAtMs, style)],
    ["attempts", attempts?.toString()],
    ["cause", cause],
    ["payload", payload === undefined ? undefined : JSON.stringify(payload)],
    ["body", message === undefined ? body : undefined],
  ];
  return facts
    .flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(12)} ${printable(text)}\n`]))
    .join("");
}
