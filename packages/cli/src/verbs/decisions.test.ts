import { beforeEach, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = createDesk();
  await desk.harness.report({ faultCount: 3 });
  await desk.access.steering.breaker.look();
});

test("decisions are lines with time, kind and numbers, oldest first", async () => {
  desk.harness.clock.advance(61_000);
  await desk.type("hold --reason x --yes");
  const { code, out } = await desk.type("decisions");
  expect(code).toBe(0);
  const lines = out.trim().split("\n");
  expect(lines[0]).toMatch(/^2026-11-18T12:00:00.000Z\tdecision\t.*open$/);
  expect(lines.at(-1)).toMatch(/^2026-11-18T12:01:01.000Z\torder\theld until/);
  expect((await desk.type("decisions", { answers: [] })).out).toContain("13:01:01");
});

test("--since and --kind choose among them", async () => {
  desk.harness.clock.advance(3 * 3_600_000);
  await desk.type("hold --reason x --yes");
  expect((await desk.type("decisions")).out.trim().split("\n")).toHaveLength(1);
  expect((await desk.type("decisions --since 4h")).out).toMatch(/\tdecision\t/);
  expect((await desk.type("decisions --since 4h --kind order")).out).not.toMatch(/\tdecision\t/);
  expect(await desk.type("decisions --since yesterday")).toMatchObject({ code: 2 });
  expect(await desk.type("decisions --kind weather")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/decision, advice, valve/),
  });
});

test("--json is one object a line", async () => {
  const { out } = await desk.type("decisions --json");
  for (const line of out.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("details");
});

test("--follow tells each new one once, until Ctrl-C", async () => {
  const interrupt = new AbortController();
  const following = desk.type("decisions --follow --json", { interrupt: interrupt.signal });
  for (let round = 0; round < 3; round += 1) {
    await desk.type(`hold --reason round-${round} --yes`);
    // Sleeps with a signal end when the clock comes there.
    for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
    desk.harness.clock.advance(2_000);
    for (let turns = 0; turns < 200; turns += 1) await Promise.resolve();
  }
  interrupt.abort();
  const { code, out } = await following;
  expect(code).toBe(130);
  for (let round = 0; round < 3; round += 1)
    expect(out.match(new RegExp(`: round-${round}[;"]`, "g"))?.length).toBeGreaterThan(0);
  const ids = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).id);
  expect(new Set(ids).size).toBe(ids.length);
});
