import type { Color, Painter } from "@sluice/sim/report";

/** Columns for the names of a panel's lines. */
export const NAME_WIDTH = 11;

/** A piece of a line in one colour. */
export interface Part {
  readonly color?: Color;
  readonly text: string;
}

/** A line of a panel, which takes one row or more. */
export type PanelLine = readonly Part[];

/** The room for a row, and what it may be written with. */
export interface RowOptions {
  /** Columns; no row is longer. */
  readonly width: number;
  readonly unicode?: boolean;
}

/** Text without a colour. */
export function plain(text: string): Part {
  return { text };
}

/** Breaks a line between words, so that each row fits. */
export function rowsOf(line: PanelLine, { width, unicode = true }: RowOptions): PanelLine[] {
  const indent = Math.min(NAME_WIDTH, width - 1);
  const rows: Part[][] = [];
  let row: Part[] = [];
  let room = width;
  for (const { text, ...style } of line.flatMap(wordsOf)) {
    const word = unicode ? text : toAscii(text);
    if (word.trimEnd().length > room && room < width - indent) {
      rows.push(withoutTail(row));
      row = [plain(" ".repeat(indent))];
      room = width - indent;
    }
    const shown = word.slice(0, room);
    row.push({ ...style, text: shown });
    room -= shown.length;
  }
  return [...rows, row];
}

/** The words of a part, each with the spaces behind it; a number keeps its per cent. */
function wordsOf({ text, ...style }: Part): Part[] {
  return (text.match(/^\s+|\S+(?: %\S*)?\s*/g) ?? []).map((word) => ({ ...style, text: word }));
}

/** A row without the spaces behind its last word. */
function withoutTail(row: PanelLine): Part[] {
  return row.map((part, at) => (at === row.length - 1 ? { ...part, text: part.text.trimEnd() } : part));
}

/** A row as it is written to a terminal. */
export function rowText(row: PanelLine, paint: Painter): string {
  return row.map(({ color, text }) => (color === undefined ? text : paint(color, text))).join("");
}

function toAscii(text: string): string {
  return text.replaceAll("×", "x").replaceAll("±", "+-");
}
