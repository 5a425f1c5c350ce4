import { beforeEach, describe, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

const NOON = Date.parse("2026-11-18T12:00:00Z");
const HOUR_MS = 3_600_000;
const orders = async () => JSON.parse((await desk.type("holds --json")).out);

describe("hold", () => {
  test("asks at a terminal, and holds once it is told yes", async () => {
    const { code, out, err } = await desk.type("hold --for 2h", { answers: ["their maintenance", "y"] });
    expect(code).toBe(0);
    expect(err).toMatch(
      /demo in localtest, on this machine: held until .* by anna: their maintenance\n {2}now: closed, limit 3 of 3/,
    );
    expect(out).toMatch(/^held until .*\nuntil 15:00 \(in 2 h\)\n$/);
    expect(await orders()).toMatchObject([
      { kind: "hold", untilMs: NOON + 2 * HOUR_MS, what: "by anna: their maintenance" },
    ]);
  });

  test("ended with Ctrl-C where it asks for the reason changes nothing", async () => {
    expect((await desk.type("hold", { answers: [] })).code).toBe(130);
    expect(await orders()).toEqual([]);
  });

  test.each(["n", "", "yesterday"])("told %j it changes nothing", async (answer) => {
    const { code, err } = await desk.type("hold --reason x", { answers: [answer] });
    expect(code).toBe(130);
    expect(err).toMatch(/Nothing has changed/);
    expect(await orders()).toEqual([]);
  });

  test("with nobody to ask needs --yes", async () => {
    expect(await desk.type("hold --reason x")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/add --yes/),
    });
    expect(await orders()).toEqual([]);
    expect((await desk.type("hold --reason x --yes")).code).toBe(0);
    expect(await orders()).toMatchObject([{ untilMs: NOON + 4 * HOUR_MS }]);
  });

  test("on AWS with --yes needs its environment named", async () => {
    const place = { kind: "aws", environment: "production" } as const;
    const refused = await desk.type("hold --reason x --yes", { place });
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/--environment production/) });
    expect(await orders()).toEqual([]);
    expect((await desk.type("hold --reason x --yes", { place: { ...place, isNamed: true } })).code).toBe(0);
  });

  test("as a dry run shows what would end, and changes nothing", async () => {
    await desk.type("hold --reason first --yes");
    const { code, out } = await desk.type("hold --reason second --for 30m --dry-run");
    expect(code).toBe(0);
    expect(out).toMatch(/^would be held until .* by anna: second; ends the order of anna \(first\)\n/);
    expect(await orders()).toMatchObject([{ what: "by anna: first" }]);
  });

  test.each([
    ["--until 18:00", "2026-11-18T17:00:00Z"],
    ["--until 12:30", "2026-11-19T11:30:00Z"],
    ["--until '2026-11-20 06:00'", "2026-11-20T05:00:00Z"],
    ["--until 2026-11-20T06:00Z", "2026-11-20T06:00:00Z"],
    ["--for 1d12h", "2026-11-20T00:00:00Z"],
    ["--from 20:00 --for 90m", "2026-11-18T20:30:00Z"],
  ])("%s is on the operator's own clock", async (times, until) => {
    expect((await desk.type(`hold --reason x --yes ${times}`)).code).toBe(0);
    expect(await orders()).toMatchObject([{ untilMs: Date.parse(until) }]);
  });

  test.each([
    ["--for soon", /--for is a time such as/],
    ["--until tomorrow", /--until is 18:00/],
    ["--until 25:00", /--until is 18:00/],
    ["--for 1h --until 18:00", /not both/],
    ["--for 1s", /10 seconds at least/],
  ])("with %s is refused in a line, before anything is asked", async (times, message) => {
    const { code, err } = await desk.type(`hold --reason x ${times}`, { answers: ["y"] });
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("without a reason in a pipe is refused", async () => {
    expect(await desk.type("hold --yes")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Give a reason/),
    });
  });
});

test("resume ends a hold, and says so", async () => {
  await desk.type("hold --reason x --yes");
  const { code, out } = await desk.type("resume --yes");
  expect(code).toBe(0);
  expect(out).toMatch(/^resumed \(hold\) by anna: no reason given; ends the order of anna \(x\)\n$/);
  expect(await orders()).toEqual([]);
  expect(await desk.type("resume --yes")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no order to end/),
  });
});

test("pin keeps the limit below X, and is ended by name", async () => {
  expect((await desk.type("pin 2 --reason x --for 1h --yes")).code).toBe(0);
  expect(await orders()).toMatchObject([{ kind: "pin", what: "limit 2, by anna: x" }]);
  expect(await desk.type("pin 3 --reason x --yes")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/below X/),
  });
  expect(await desk.type("pin two --reason x --yes")).toMatchObject({ code: 2 });
  expect((await desk.type("resume --ends pin --yes")).code).toBe(0);
  expect(await orders()).toEqual([]);
});

test("force needs a breaker that is not closed", async () => {
  expect(await desk.type("force 1 --reason x --yes")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/pin it/),
  });
  await desk.harness.report({ faultCount: 3 });
  await desk.access.steering.breaker.look();
  expect((await desk.type("force 1 --reason x --for 10m --yes")).code).toBe(0);
  expect(await orders()).toMatchObject([
    { kind: "force", untilMs: desk.harness.clock.nowMs() - 1_000 + 600_000 },
  ]);
});

test("holds says on a terminal that nothing holds, and in a pipe nothing", async () => {
  expect((await desk.type("holds", { answers: [] })).out).toMatch(/^Nothing holds/);
  expect((await desk.type("holds")).out).toBe("");
});

test("orders are audited with who gave them", async () => {
  await desk.type("hold --reason 'their maintenance' --yes");
  expect((await desk.harness.decisions()).at(-1)).toMatchObject({
    kind: "order",
    details: { by: "anna", given: { hold: { reason: "their maintenance" } } },
  });
});
