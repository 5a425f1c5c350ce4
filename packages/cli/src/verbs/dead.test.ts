import { DEAD_LETTER_ATTRIBUTE, MESSAGE_VERSION, messageBody, recordKey } from "@sluice/core/records";
import type { MemoryQueue } from "@sluice/testing/memory-queue";
import { beforeEach, describe, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = createDesk();
  await die("a", "HTTP 404: no customer a");
  await die("b", "HTTP 500");
  await die("c\u001b[2J", "HTTP 404: no customer c\u001b[2J", { payload: { name: "Zürich" } });
});

async function die(recordId: string, cause: string, more: object = {}): Promise<void> {
  const names = {
    version: MESSAGE_VERSION as typeof MESSAGE_VERSION,
    provider: "demo",
    runId: "tonight",
    correlationId: "tonight",
  };
  const letter = { cause, attempts: 3, deadLetteredAtMs: desk.harness.clock.nowMs() - 3_600_000 };
  await desk.deadLetters.send([
    {
      groupId: recordKey(recordId),
      deduplicationId: recordKey(recordId),
      body: messageBody({ ...names, recordId, ...more }),
      attributes: { [DEAD_LETTER_ATTRIBUTE]: JSON.stringify(letter) },
    },
  ]);
}

/** The ids of records in a queue; of what is no record its group. */
const idsIn = ({ entries }: Pick<MemoryQueue, "entries">) =>
  entries.map(({ body, groupId }) => (body.startsWith("{") ? JSON.parse(body).recordId : groupId));
const deadIds = () => idsIn(desk.deadLetters);
const laneIds = () => idsIn(desk.lanes.records);
const untouched = () => {
  expect(deadIds()).toEqual(["a", "b", "c\u001b[2J"]);
  expect(laneIds()).toEqual([]);
};

describe("dead list", () => {
  test("groups by cause, and leaves all as it was", async () => {
    const { code, out } = await desk.type("dead list");
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "2\t2026-11-18T11:00:00.000Z\t2026-11-18T11:00:00.000Z\ta\tHTTP 404: no customer <id>\n",
        "1\t2026-11-18T11:00:00.000Z\t2026-11-18T11:00:00.000Z\tb\tHTTP 500\n",
      ].join(""),
    );
    untouched();
    expect((await desk.deadLetters.depth()).inFlightCount).toBe(0);
  });

  test("one by one, by cause, has nothing in it that a terminal obeys", async () => {
    const { out } = await desk.type("dead list --letters --cause customer");
    expect(out.trim().split("\n")).toHaveLength(2);
    expect(out).toContain("\tc\\u{1b}[2J\ttonight\t");
    const { letters, isComplete } = JSON.parse((await desk.type("dead list --letters --json")).out);
    expect(letters).toHaveLength(3);
    expect(isComplete).toBe(true);
  });

  test("says on a terminal what others have in their hands", async () => {
    await desk.deadLetters.receive({ maxCount: 1, hiddenForMs: 60_000 });
    expect((await desk.type("dead list", { answers: [] })).out).toMatch(/About 1 more are in other hands/);
  });
});

test("dead show tells all of one, by its record", async () => {
  const { code, out } = await desk.type("dead show b");
  expect(code).toBe(0);
  expect(out).toMatch(/^record +b\nrun +tonight\n/m);
  expect(out).toMatch(/^cause +HTTP 500$/m);
  expect((await desk.type("dead show c\u001b[2J")).out).toMatch(/^payload +\{"name":"Zürich"\}$/m);
  expect(await desk.type("dead show nobody")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/No dead letter/),
  });
});

describe("dead redrive", () => {
  test("shows first what it would touch", async () => {
    const { code, out } = await desk.type("dead redrive --cause 404 --dry-run");
    expect(code).toBe(0);
    expect(out).toBe("would put back 2 dead letters\n  2 × HTTP 404: no customer <id>\n");
    untouched();
  });

  test("asks, and puts back what was shown", async () => {
    const { code, out, err } = await desk.type("dead redrive --cause 404", { answers: ["mended", "y"] });
    expect(err).toMatch(/put back 2 dead letters\n {2}2 × HTTP 404/);
    expect(out).toBe("2 are back in their lanes\n");
    expect(code).toBe(0);
    expect(deadIds()).toEqual(["b"]);
    expect(laneIds()).toHaveLength(2);
    expect((await desk.harness.decisions()).at(-1)?.summary).toBe(
      'redrives dead letters with cause "404" by anna: mended',
    );
  });

  test("twice is once", async () => {
    expect(await desk.type("dead redrive a --yes")).toMatchObject({ code: 0 });
    const again = await desk.type("dead redrive a --yes");
    expect(again).toMatchObject({ code: 0, out: "No dead letter is chosen: nothing to do.\n" });
    expect(laneIds()).toEqual(["a"]);
  });

  test.each([
    ["the reason", []],
    ["a yes", ["mended"]],
  ])("ended with Ctrl-C where it asks for %s puts back none", async (_, answers) => {
    expect((await desk.type("dead redrive --all", { answers })).code).toBe(130);
    untouched();
  });

  test.each(["n", ""])("told %j puts back none", async (answer) => {
    expect((await desk.type("dead redrive --all", { answers: ["mended", answer] })).code).toBe(130);
    untouched();
  });

  test.each(["dead redrive --yes", "dead redrive a --all --yes", "dead drop --yes"])(
    "%s has to say which, and only once",
    async (line) => {
      expect(await desk.type(line)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/Say which letters/),
      });
      untouched();
    },
  );

  test("of letters that are no records says how to be rid of them", async () => {
    await desk.deadLetters.send([{ groupId: "x", deduplicationId: "x", body: "no record" }]);
    const { out } = await desk.type("dead redrive --all --yes");
    expect(out).toBe("3 are back in their lanes\n1 are no records and stay: dead drop deletes them\n");
    expect(deadIds()).toEqual(["x"]);
    expect(await desk.type("dead drop --all --yes --json")).toMatchObject({ code: 0 });
    expect(deadIds()).toEqual([]);
  });

  test("interrupted puts back none that it has not begun", async () => {
    const { code } = await desk.type("dead redrive --all --yes", { interrupt: AbortSignal.abort() });
    expect(code).toBe(130);
    untouched();
  });
});

test("dead drop asks, deletes what is chosen, and is audited", async () => {
  expect((await desk.type("dead drop b", { answers: ["gone", "n"] })).code).toBe(130);
  untouched();
  const { code, err, out } = await desk.type("dead drop b --reason gone", { answers: ["yes"] });
  expect(code).toBe(0);
  expect(err).toMatch(/delete for good 1 dead letter\n/);
  expect(out).toBe("1 is deleted\n");
  expect(deadIds()).toEqual(["a", "c\u001b[2J"]);
  expect((await desk.harness.decisions()).at(-1)?.summary).toBe("drops dead letters b by anna: gone");
});
