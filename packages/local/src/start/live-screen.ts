import { stripVTControlCharacters } from "node:util";
import type { TerminalStyle } from "@sluice/sim/report";
import { decisionLine, type LiveDecision, type LiveView, renderFrame, statusLine } from "./live-view.ts";

/** Where a live view is shown: `process.stdout`, say. */
export interface LiveOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** How to show it. */
export interface LiveScreenOptions extends TerminalStyle {
  /** Whether keys are listened to, and so explained. */
  readonly hasKeys: boolean;
}

/** Shows how a run goes while it goes. */
export interface LiveScreen {
  show(view: LiveView): void;
  /** A decision that stays on the screen. */
  decided(decision: LiveDecision): void;
  /** A sentence that stays on the screen. */
  say(text: string): void;
  /** Leaves the last panel where it is. May be called again. */
  end(): void;
}

/** Without a terminal a line is printed this often. */
const PLAIN_LINE_EVERY_MS = 5_000;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Before the text: cleared cells behind it would wrap as text does, where a terminal is made narrower. */
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

/** A panel that is redrawn in place on a terminal, with what stays above it; plain lines elsewhere. */
export function startLiveView(output: LiveOutput, options: LiveScreenOptions): LiveScreen {
  return output.isTTY === true ? startPanel(output, options) : startLines(output);
}

function startPanel(output: LiveOutput, options: LiveScreenOptions): LiveScreen {
  let drawn: readonly string[] = [];

  function draw(stays: readonly string[], frame: readonly string[]): void {
    const lines = [...stays, ...frame].map((line) => `${CLEAR_LINE}${line}\n`);
    output.write(`${up(rowsOf(drawn, output.columns))}${lines.join("")}${CLEAR_BELOW}`);
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

/** How many rows lines take by now: a terminal that was made narrower has wrapped them. */
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
