import { stripVTControlCharacters } from "node:util";
import type { Style } from "./style.ts";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  cell(row: Row): string;
  /** Numbers stand to the right. */
  readonly isNumber?: true;
}

/** A table for people: columns below their titles. For a pipe: one line a row, cells between tabs, without titles. */
export function tableText<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  if (!style.isTerminal) return cells.map((line) => `${line.join("\t")}\n`).join("");
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, at) =>
    Math.max(...[title, ...cells.map((line) => line[at] ?? "")].map(widthOf)),
  );
  const lineOf = (line: readonly string[]) =>
    line.map((cell, at) => padded(cell, widths[at] ?? 0, columns[at]?.isNumber === true)).join("  ");
  const lines = [titles.map((title) => style.paint("dim", title)), ...cells];
  return lines.map((line) => `${cutTo(lineOf(line).trimEnd(), style.columns)}\n`).join("");
}

function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function padded(cell: string, width: number, isRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - widthOf(cell)));
  return isRight ? space + cell : cell + space;
}

/** A line that would run over its terminal's edge loses its colours and its end. */
function cutTo(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  return `${[...stripVTControlCharacters(line)].slice(0, Math.max(1, columns - 1)).join("")}…`;
}
