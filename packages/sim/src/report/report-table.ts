import { escapeHtml } from "./words.ts";

/** A table of figures above the charts. */
export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly ReportColumn[];
  /** One cell per column; the first one names the row. What is not known is absent. */
  readonly rows: readonly (readonly ReportCell[])[];
}

/** A cell; numbers are aligned and compared. */
export type ReportCell = string | number | undefined;

/** A column of a {@link ReportTable}. */
export interface ReportColumn {
  readonly name: string;
  /** Of numbers; 2 by default. */
  readonly fractionDigits?: number;
  /** End of the range at which the best number of the column lies; it is marked. */
  readonly best?: "highest" | "lowest";
}

/** A table as HTML. */
export function tableHtml({ caption, columns, rows }: ReportTable): string {
  const head = columns.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const bests = columns.map((column, index) =>
    bestOf(
      column,
      rows.map((row) => row[index]),
    ),
  );
  const body = rows.map((row) => {
    const cells = columns.map((column, index) => cellHtml(row[index], column, index, bests[index]));
    return `<tr>${cells.join("")}</tr>`;
  });
  return [
    `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`,
  ].join("\n");
}

function cellHtml(cell: ReportCell, column: ReportColumn, index: number, best: number | undefined): string {
  const content = escapeHtml(cellContent(cell, column));
  if (index === 0) return `<th scope="row">${content}</th>`;
  if (typeof cell !== "number") return `<td>${content}</td>`;
  return cell === best
    ? `<td class="number"><strong>${content}</strong></td>`
    : `<td class="number">${content}</td>`;
}

function cellContent(cell: ReportCell, { fractionDigits = 2 }: ReportColumn): string {
  if (cell === undefined) return "–";
  return typeof cell === "number" ? cell.toFixed(fractionDigits) : cell;
}

/** A column whose numbers are all the same has no best one. */
function bestOf({ best }: ReportColumn, cells: readonly ReportCell[]): number | undefined {
  const numbers = cells.filter((cell) => typeof cell === "number");
  if (best === undefined || new Set(numbers).size < 2) return undefined;
  return best === "highest" ? Math.max(...numbers) : Math.min(...numbers);
}
