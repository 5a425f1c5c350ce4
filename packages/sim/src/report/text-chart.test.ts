import { expect, test } from "vitest";
import { fakeSample, fakeTrace } from "./fakes/fake-trace.ts";
import { terminalStyleOf } from "./terminal-style.ts";
import { textChart } from "./text-chart.ts";

const SMALL = { width: 47, height: 6, color: false };

test("shows bars, limit, capacity, phase and minutes", () => {
  expect(textChart(fakeTrace(), SMALL)).toMatchInlineSnapshot(`
    "blackout · sluice · seed 1
       20 │····················            ········
          │····················            ········
          │····················            ········
       10 │━━━━━━━━━━━━━━━━━━━━            ··━━━━━━
          │████████████████████            ··██████
        0 │████████████████████━━━━━━━━━━━━━━██████
    phase │▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████████████▒▒▁▁▁▁▁▁
          └────────────────────────────────────────
           0 min               10                20
            █ in flight  ━ limit  · capacity  ▁ closed  ▒ half-open  █ open
    "
  `);
});

test("without UTF-8 only ASCII is used, and the picture is the same", () => {
  const text = textChart(fakeTrace({ title: "a run" }), { ...SMALL, unicode: false });
  expect(text).toMatch(/^[\n -~]*$/);
  expect(text).toMatchInlineSnapshot(`
    "a run
       20 |....................            ........
          |....................            ........
          |....................            ........
       10 |====================            ..======
          |####################            ..######
        0 |####################==============######
    phase |____________________XXXXXXXXXXXX??______
          +----------------------------------------
           0 min               10                20
            # in flight  = limit  . capacity  _ closed  ? half-open  X open
    "
  `);
});

test("colour changes nothing but colour", () => {
  const colored = textChart(fakeTrace(), { ...SMALL, color: true });
  expect(colored).toContain("\u001b[31m█\u001b[0m");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out.
  expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(textChart(fakeTrace(), SMALL));
});

test("the plot is as wide as the terminal", () => {
  for (const width of [47, 60, 100, 211]) {
    const lines = textChart(fakeTrace(), { ...SMALL, width })
      .split("\n")
      .slice(1, -2);
    expect(Math.max(...lines.map((line) => line.length))).toBe(width);
  }
});

test("a spike and a trip of one sample among thousands are seen", () => {
  const samples = Array.from({ length: 5_000 }, (_, second) =>
    fakeSample({
      atMs: second * 1_000,
      inFlightCount: second === 2_500 ? 20 : 1,
      phase: second === 1_000 ? "open" : "closed",
    }),
  );
  const text = textChart(fakeTrace({ samples, durationMs: 5_000_000 }), { ...SMALL, unicode: false });
  const [, top = ""] = text.split("\n");
  expect(top.match(/#/g)).toHaveLength(1);
  expect(text.match(/^phase.*$/m)?.[0].match(/X/g)).toHaveLength(1);
});

test("a column without a sample goes on as the last sample was", () => {
  const samples = [fakeSample(), fakeSample({ atMs: 1, inFlightCount: 0 })];
  const [line = ""] = textChart(fakeTrace({ samples }), { ...SMALL, unicode: false })
    .split("\n")
    .slice(6);
  expect(line).toBe(`    0 |#${".".repeat(39)}`);
});

test("an empty trace says so, and one sample fills the chart", () => {
  expect(textChart(fakeTrace({ samples: [] }), SMALL)).toBe("blackout · sluice · seed 1\nno samples\n");
  const one = textChart(fakeTrace({ samples: [fakeSample()] }), SMALL);
  expect(one.match(/━/g)).toHaveLength(41);
});

test.each([
  [{ LANG: "en_US.UTF-8" }, true, { color: true, unicode: true }],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, true, { color: true, unicode: false }],
  [{ LC_CTYPE: "C.utf8" }, false, { color: false, unicode: true }],
  [{ NO_COLOR: "1" }, true, { color: false, unicode: false }],
  [{ TERM: "dumb", LANG: "" }, true, { color: false, unicode: false }],
])("a terminal with %j (interactive: %j) can show %j", (variables, isTerminal, style) => {
  expect(terminalStyleOf(variables, isTerminal)).toEqual(style);
});
