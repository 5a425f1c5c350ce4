import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const NOW_MS = Date.parse("2026-11-18T12:00:00Z");

test.each<[header: string | string[], waitMs: number]>([
  ["0", 0],
  ["7", 7_000],
  [" 120 ", 120_000],
  [["3", "9"], 3_000],
  ["Wed, 18 Nov 2026 12:01:30 GMT", 90_000],
  ["Wednesday, 18-Nov-26 12:01:30 GMT", 90_000],
  ["Wed, 18 Nov 2026 12:00:00 GMT", 0],
  ["Tue, 17 Nov 2026 12:00:00 GMT", 0],
])("%j asks for %i ms", (header, waitMs) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(waitMs);
});

test.each<[header: string | string[] | undefined]>([
  [undefined],
  [[]],
  [""],
  ["  "],
  ["soon"],
  ["soon 5"],
  ["-5"],
  ["1.5"],
  ["60s"],
  ["0x10"],
  ["Wednesday"],
  ["Wed, 40 Nov 2026 12:00:00 GMT"],
])("%j asks for nothing that can be understood", (header) => {
  expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
});
