import { expect, test } from "vitest";
import { feedText, showFeedProgress } from "./feed-progress.ts";

const AT_6_S = { acceptedCount: 30, rejectedCount: 0, elapsedMs: 6_000 };

test("a terminal shows each glance on one line", () => {
  const written: string[] = [];
  const show = showFeedProgress({ isTTY: true, write: (text) => written.push(text) });
  show(AT_6_S);
  show({ ...AT_6_S, acceptedCount: 31, elapsedMs: 6_250 });
  expect(written).toEqual([
    "\r\u001b[KEnqueued 30 records in 6.0 s, 5.0 per second",
    "\r\u001b[KEnqueued 31 records in 6.3 s, 5.0 per second",
  ]);
});

test("elsewhere a line is printed every 5 s", () => {
  const written: string[] = [];
  const show = showFeedProgress({ write: (text) => written.push(text) });
  for (let elapsedMs = 250; elapsedMs <= 12_000; elapsedMs += 250) show({ ...AT_6_S, elapsedMs });
  expect(written.map((line) => / in (\d+)/.exec(line)?.[1])).toEqual(["5", "10"]);
});

test.each([
  [{ acceptedCount: 0, rejectedCount: 0, elapsedMs: 0 }, "Enqueued 0 records in 0.0 s, 0.0 per second"],
  [
    { acceptedCount: 1, rejectedCount: 2, elapsedMs: 1_000 },
    "Enqueued 1 record, 2 rejected in 1.0 s, 1.0 per second",
  ],
])("%j reads %j", (progress, text) => {
  expect(feedText(progress)).toBe(text);
});
