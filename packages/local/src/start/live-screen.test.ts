import fc from "fast-check";
import { expect, test } from "vitest";
import { type LiveOutput, startLiveScreen } from "./live-screen.ts";
import { type LiveView, renderFrame, statusLine } from "./live-view.ts";

const VIEW: LiveView = {
  elapsedMs: 0,
  weather: "healthy",
  phase: "closed",
  limit: 10,
  maxConcurrency: 10,
  inFlightCount: 9,
  batchSize: 2,
  maximumConcurrency: 10,
  isValveEnabled: true,
  latencyMs: 50,
  faultsPerSecond: 0,
  fetchedCount: 10,
  totalCount: 100,
  backlogCount: 90,
  slowPercentage: 0,
  errorPercentage: 0,
};
const PLAIN = { color: false, unicode: true, hasKeys: false };
const DECISION = { atMs: 61_000, summary: "outage plainly seen: limit 10 → open" };

test("on a terminal the panel is redrawn in place, and what was said stays above it", () => {
  const terminal = createTerminal({ columns: 80, rows: 24 });
  const screen = startLiveScreen(terminal, PLAIN);
  screen.say("Fetching");
  screen.show(VIEW);
  screen.decided(DECISION);
  const later = { ...VIEW, elapsedMs: 62_000, phase: "open", isValveEnabled: false } as const;
  screen.show(later);
  screen.end();
  screen.say("Done");
  expect(terminal.screen()).toEqual([
    "Fetching",
    "01:01  outage plainly seen: limit 10 → open",
    ...renderFrame(later, { ...PLAIN, width: 79 }),
    "Done",
  ]);
});

test("on any terminal of 40 to 100 columns what stays is whole, and the panel stands below it", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("say" as const), length: fc.integer({ min: 1, max: 250 }) }),
    fc.record({ kind: fc.constant("show" as const), elapsedMs: fc.nat(9_000_000), isOpen: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 100 }), fc.array(step, { maxLength: 12 }), (columns, steps) => {
      const terminal = createTerminal({ columns, rows: 40 });
      const screen = startLiveScreen(terminal, PLAIN);
      const said: string[] = [];
      let frame: readonly string[] = [];
      for (const each of steps) {
        if (each.kind === "say") {
          const text = "said ".repeat(50).slice(0, each.length);
          screen.say(text);
          said.push(...(text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []));
        } else {
          const view = { ...VIEW, elapsedMs: each.elapsedMs, isValveEnabled: each.isOpen };
          screen.show(view);
          frame = renderFrame(view, { ...PLAIN, width: columns - 1 });
        }
      }
      expect(terminal.screen()).toEqual([...said, ...frame]);
    }),
  );
});

test("a shorter line leaves nothing of the longer one before it", () => {
  const terminal = createTerminal({ columns: 80, rows: 24 });
  const screen = startLiveScreen(terminal, PLAIN);
  screen.show({ ...VIEW, weather: "slow recovery" });
  screen.show(VIEW);
  expect(terminal.screen()).toEqual(renderFrame(VIEW, { ...PLAIN, width: 79 }));
});

test("a terminal that was made narrower is cleared of the lines that it has wrapped", () => {
  const output = createRecorder({ isTTY: true, columns: 80, rows: 24 });
  const screen = startLiveScreen(output, PLAIN);
  screen.show(VIEW);
  output.columns = 40;
  const frame = renderFrame(VIEW, { ...PLAIN, width: 79 });
  screen.show(VIEW);
  const rowCount = frame.reduce((sum, line) => sum + Math.ceil(line.length / 40), 0);
  expect(rowCount).toBeGreaterThan(frame.length);
  expect(output.written.at(-1)).toContain(`\u001b[${rowCount}A`);
});

test("on a very low terminal the panel is cut, so that it can be drawn over", () => {
  const terminal = createTerminal({ columns: 80, rows: 4 });
  const screen = startLiveScreen(terminal, PLAIN);
  screen.show(VIEW);
  screen.show(VIEW);
  expect(terminal.screen()).toEqual(renderFrame(VIEW, { ...PLAIN, width: 79 }).slice(0, 3));
});

test("a terminal that was made lower keeps nothing of the longer panel", () => {
  const terminal = createTerminal({ columns: 80, rows: 24 });
  const screen = startLiveScreen(terminal, PLAIN);
  screen.show(VIEW);
  terminal.rows = 4;
  screen.show(VIEW);
  expect(terminal.screen()).toEqual(renderFrame(VIEW, { ...PLAIN, width: 79 }).slice(0, 3));
});

test("without a terminal a status line is printed every 5 s, and each decision as it falls", () => {
  const output = createRecorder({});
  const screen = startLiveScreen(output, PLAIN);
  for (let elapsedMs = 250; elapsedMs <= 11_000; elapsedMs += 250) {
    screen.show({ ...VIEW, elapsedMs });
    if (elapsedMs === 6_000) screen.decided(DECISION);
  }
  screen.end();
  expect(output.written).toEqual([
    `${statusLine({ ...VIEW, elapsedMs: 250 })}\n`,
    `${statusLine({ ...VIEW, elapsedMs: 5_250 })}\n`,
    "01:01  outage plainly seen: limit 10 → open\n",
    `${statusLine({ ...VIEW, elapsedMs: 10_250 })}\n`,
  ]);
});

interface Recorder extends LiveOutput {
  columns?: number;
  readonly written: string[];
}

function createRecorder(settings: Omit<LiveOutput, "write">): Recorder {
  const written: string[] = [];
  return { ...settings, written, write: (text) => written.push(text) };
}

interface Terminal extends LiveOutput {
  rows: number;
  screen(): string[];
}

/** Enough of a terminal: text that wraps, new lines, cursor up, and the two ways to clear. */
function createTerminal(size: { columns: number; rows: number }): Terminal {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;

  function apply(sequence: string): void {
    const [, amount = "", command = ""] = /(\d*)([A-Z])$/.exec(sequence) ?? [];
    if (command === "A") row -= Number(amount);
    else if (command === "K") lines[row] = (lines[row] ?? "").slice(0, column);
    else if (command === "J") lines.splice(row, lines.length, (lines[row] ?? "").slice(0, column));
    else throw new Error(`Not a sequence of this terminal: ${JSON.stringify(sequence)}`);
    expect(row).toBeGreaterThanOrEqual(0);
  }

  function put(character: string): void {
    if (character === "\n") {
      row += 1;
      column = 0;
      lines[row] ??= "";
    } else if (character === "\r") {
      column = 0;
    } else {
      if (column === size.columns) put("\n");
      const line = lines[row] ?? "";
      lines[row] = `${line.slice(0, column).padEnd(column)}${character}${line.slice(column + 1)}`;
      column += 1;
    }
  }

  return {
    ...size,
    isTTY: true,
    write(text) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins what moves the cursor.
      for (const piece of text.match(/\u001b\[\d*[A-Z]|[\s\S]/gu) ?? []) {
        if (piece.startsWith("\u001b")) apply(piece);
        else put(piece);
      }
    },
    screen: () => lines.slice(0, -1),
  };
}
