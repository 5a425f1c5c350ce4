import { stripVTControlCharacters } from "node:util";
import type { TerminalStyle } from "@sluice/sim/report";
import { decisionLine, type LiveEvent, type LiveView, renderFrame, statusLine } from "./live-view.ts";

/** A stream that a live view is shown on: `process.stdout`, say. */
export interface LiveOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The style of a live screen. */
export interface LiveScreenOptions extends TerminalStyle {
  /** True if keys are listened to, and so explained. */
  readonly hasKeys: boolean;
  /** True if some of them make trouble. */
  readonly hasTroubleKeys?: boolean;
}

/** Shows a run while it goes. */
export interface LiveScreen {
  show(view: LiveView): void;
  /** Shows a decision, which stays on the screen. */
  decided(decision: LiveEvent): void;
  /** Shows a sentence, which stays on the screen. */
  say(text: string): void;
  /** Leaves the last panel where it is. May be called again. */
  end(): void;
}

/** Time between two lines where there is no terminal. */
const PLAIN_LINE_EVERY_MS = 5_000;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Written before the text: cells cleared behind it would wrap as text does, where a terminal is made narrower. */
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

/** Starts a panel that is redrawn in place on a terminal, below the lines that stay; plain lines elsewhere. */
export function startLiveScreen(output: LiveOutput, options: LiveScreenOptions): LiveScreen {
  return output.isTTY === true ? startPanel(output, options) : startLines(output);
}

function startPanel(output: LiveOutput, options: LiveScreenOptions): LiveScreen {
  let drawn: readonly string[] = [];

  function draw(stays: readonly string[], frame: readonly string[]): void {
    const lines = [...stays, ...frame].map((line) => `${CLEAR_LINE}${line}\n`);
    // What stays may be longer than a row, and would leave what was drawn where it ends.
    const clear = stays.length === 0 ? "" : CLEAR_BELOW;
    output.write(`${up(rowsOf(drawn, output.columns))}${clear}${lines.join("")}${CLEAR_BELOW}`);
    drawn = frame;
  }

  return {
    show(view) {
      const { columns = DEFAULT_COLUMNS, rows = DEFAULT_ROWS } = output;
      // A full line would wrap on some terminals, and a panel higher than the screen can't be drawn over.
      const frame = renderFrame(view, { ...options, width: columns - 1 });
      draw([], frame.slice(0, Math.max(0, rows - 1)));
    },
    decided: (decision) => draw([decisionLine(decision)], drawn),
    say: (text) => draw([text], drawn),
    end() {
      drawn = [];
    },
  };
}

/** The number of rows that lines take by now: a terminal that was made narrower has wrapped them. */
function rowsOf(lines: readonly string[], columns = DEFAULT_COLUMNS): number {
  return lines.reduce((sum, line) => {
    const { length } = stripVTControlCharacters(line);
    return sum + Math.max(1, Math.ceil(length / columns));
  }, 0);
}

function up(rowCount: number): string {
  return rowCount === 0 ? "" : `\r\u001b[${rowCount}A`;
}

function startLines(output: LiveOutput): LiveScreen {
  let printedAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(view) {
      if (view.elapsedMs - printedAtMs < PLAIN_LINE_EVERY_MS) return;
      printedAtMs = view.elapsedMs;
      output.write(`${statusLine(view)}\n`);
    },
    decided: (decision) => output.write(`${decisionLine(decision)}\n`),
    say: (text) => output.write(`${text}\n`),
    end() {},
  };
}
