import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Unreachable } from "@sluice/core/errors";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-test-"));
  file = join(folder, "ids.txt");
  await writeFile(file, "a\nb\nc\na\n");
});
afterAll(() => rm(folder, { recursive: true }));

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

/** Lets records of the run have their end, as the ventilator notes it. */
async function end(
  runId: string,
  ends: { fetched?: number[]; dead?: number[] },
  isCompleted = true,
): Promise<void> {
  const nowMs = desk.harness.clock.nowMs();
  await desk.runs.mark(runId, { level: 0, index: 0 }, ends, nowMs);
  for (const number of ends.dead ?? []) {
    const lost = { number, end: "dead", recordId: "b\u001b[2J", cause: "HTTP 404", atMs: nowMs } as const;
    await desk.runs.keepLost(runId, [lost]);
  }
  if (!isCompleted) return;
  const counts = { fetched: 2, fetchedBefore: 0, dead: 1, expired: 0, cancelled: 0 };
  await desk.runs.complete(runId, { completedAtMs: nowMs, counts, isAnnounced: true });
}

describe("enqueue", () => {
  test("sends the records of a file into the bulk's lane, and says how many", async () => {
    const { code, out } = await desk.type(`enqueue ${file} --run tonight`);
    expect(out).toBe("run tonight: 3 enqueued, 1 repeated ids left out, 0 rejected\n");
    expect(code).toBe(0);
    expect(desk.lanes.records.entries).toHaveLength(3);
    expect(desk.lanes.express.entries).toHaveLength(0);
  });

  test("twice under one name enqueues nothing twice", async () => {
    await desk.type(`enqueue ${file} --run tonight`);
    expect(await desk.type(`enqueue ${file} --run tonight --json`)).toMatchObject({ code: 0 });
    expect(desk.lanes.records.entries).toHaveLength(3);
  });

  test("takes the express lane", async () => {
    await desk.type(`enqueue ${file} --express`);
    expect(desk.lanes.express.entries).toHaveLength(3);
  });

  test.each([
    ["ids", "", ["plain id", "b", ""], [["plain id"], ["b"]]],
    ["JSON values", "", ['{"id":"b","payload":{"x":1}}', '"quoted"'], [["b", { x: 1 }], ["quoted"]]],
    ["a JSON array", "", ["[", '  "a",', '  {"id":"b"}', "]"], [["a"], ["b"]]],
    ["a table", "", ["name;id", "x;a", "y;b"], [["a"], ["b"]]],
    ["what it is told to be", " --input-format ids", ["id,name", "a,x"], [["id,name"], ["a,x"]]],
  ])("reads %s from standard input", async (_, option, input, records) => {
    expect((await desk.type(`enqueue - --run piped${option}`, { input })).out).toMatch(
      /^run piped: 2 enqueued/,
    );
    const bodies = desk.lanes.records.entries.map(({ body }) => JSON.parse(body));
    expect(
      bodies.map(({ recordId, payload }) => [recordId, ...(payload === undefined ? [] : [payload])]),
    ).toEqual(records);
  });

  test("refuses a broken input before anything of it is enqueued", async () => {
    expect(await desk.type("enqueue -", { input: ['"a"', '{"id":'] })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^Record file standard input, line 2: is not JSON/),
    });
    expect(await desk.type("enqueue -", { input: [] })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is empty/),
    });
    expect(desk.lanes.records.entries).toEqual([]);
  });

  test("interrupted while it reads, it has enqueued nothing", async () => {
    const typed = await desk.type("enqueue -", { input: ["a"], interrupt: AbortSignal.abort() });
    expect(typed).toEqual({ code: 130, out: "", err: "" });
    expect(desk.lanes.records.entries).toEqual([]);
  });

  test("as a dry run only counts", async () => {
    expect((await desk.type(`enqueue ${file} --dry-run`)).out).toBe("would enqueue 4 records\n");
    expect(desk.lanes.records.entries).toHaveLength(0);
  });

  test("names what is rejected, and that is bad news", async () => {
    const broken = join(folder, "broken.ndjson");
    await writeFile(broken, '"a"\n{"name":"b"}\n');
    const { code, out } = await desk.type(`enqueue ${broken}`);
    expect(code).toBe(1);
    expect(out).toMatch(/1 enqueued.* 1 rejected\n {2}record 2, /);
  });

  test("of a file that is not there is refused in a line", async () => {
    expect(await desk.type("enqueue /nowhere.csv")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/does not exist\n$/),
    });
  });

  test("to a provider on AWS that nobody has named asks", async () => {
    const place = { kind: "aws", environment: "production" } as const;
    expect(await desk.type(`enqueue ${file}`, { place })).toMatchObject({ code: 2 });
    expect(desk.lanes.records.entries).toHaveLength(0);
    expect((await desk.type(`enqueue ${file}`, { place, answers: ["y"] })).code).toBe(0);
    expect((await desk.type(`enqueue ${file}`, { place: { ...place, isNamed: true } })).code).toBe(0);
  });

  test("interrupted says what was enqueued, and how to go on", async () => {
    const { code, err } = await desk.type(`enqueue ${file} --run tonight`, {
      interrupt: AbortSignal.abort(),
    });
    expect(code).toBe(130);
    expect(err).toMatch(/call again with runId tonight/);
  });
});

describe("runs", () => {
  beforeEach(async () => {
    await desk.type(`enqueue ${file} --run tonight`);
  });

  test("without a verb lists those of the provider's today, or of another day", async () => {
    await end("tonight", { fetched: [0], dead: [1] }, false);
    await desk.type(`enqueue ${file} --run later --max-age 1h`);
    const { code, out } = await desk.type("runs");
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split("\t"))).toEqual([
      ["demo", "later", "records", "13:00", "open", "3", "0", "0", "0", "3", "", "14:00 (in 1 h)"],
      ["demo", "tonight", "records", "13:00", "open", "3", "1", "1", "0", "1", "", ""],
      [""],
    ]);
    expect(JSON.parse((await desk.type("runs list --json")).out)).toMatchObject([
      { providerId: "demo", day: "2026-11-18", runId: "later", open: 3 },
      { runId: "tonight", counts: { fetched: 1, dead: 1 }, open: 1 },
    ]);
    expect((await desk.type("runs --day 2026-11-17")).out).toBe("");
    expect((await desk.type("runs --day 2026-11-17", { answers: [] })).out).toMatch(
      /No run began on 2026-11-17/,
    );
  });

  test.each(["2026-02-30", "yesterday", "2026-1-1"])("of %s are refused: it is no day", async (day) => {
    expect(await desk.type(`runs --day ${day}`)).toMatchObject({ code: 2, err: expect.stringMatching(day) });
  });

  test("of a provider that can't be had are bad news", async () => {
    Object.assign(desk.access.rosters, {
      runsOfDay: () => {
        throw new Unreachable("DynamoDB", "told to fail");
      },
    });
    expect(await desk.type("runs")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^demo\tnot seen\t.*told/),
    });
  });

  test("show tells a run by its ends", async () => {
    await end("tonight", { fetched: [0] }, false);
    const { code, out } = await desk.type("runs show tonight");
    expect(code).toBe(0);
    expect(out).toMatch(/^state +open$/m);
    expect(out).toMatch(/^accepted +3$/m);
    expect(out).toMatch(/^fetched +1$/m);
    expect(out).toMatch(/^open +2$/m);
    const { counts, open } = JSON.parse((await desk.type("runs show tonight --json")).out);
    expect({ ...counts, open }).toMatchObject({ fetched: 1, dead: 0, open: 2 });
  });

  test("show --lost lists what was not fetched, with nothing that a terminal obeys", async () => {
    await end("tonight", { fetched: [0, 2], dead: [1] });
    expect((await desk.type("runs show tonight --lost")).out).toBe("dead\tb\\u{1b}[2J\tHTTP 404\n");
    expect(JSON.parse((await desk.type("runs show tonight --lost --json")).out)).toMatchObject({ number: 1 });
  });

  test("of a name that no run has is refused", async () => {
    for (const verb of ["show", "wait", "cancel"]) {
      const { code, err } = await desk.type(`runs ${verb} never`);
      expect(code).toBe(2);
      expect(err).toMatch(/There is no run never/);
    }
  });

  test("wait ends with a run, and its exit code says whether all was fetched", async () => {
    await end("tonight", { fetched: [0, 2], dead: [1] });
    expect(await desk.type("runs wait tonight")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^dead +1$/m),
    });
    await desk.type(`enqueue ${file} --run other`);
    await end("other", { fetched: [0, 1, 2] });
    expect((await desk.type("runs wait other")).code).toBe(0);
  });

  test("wait gives up after its time, and at Ctrl-C", async () => {
    expect((await desk.type("runs wait tonight --timeout 0s")).code).toBe(1);
    expect((await desk.type("runs wait tonight", { interrupt: AbortSignal.abort() })).code).toBe(130);
  });

  test("cancel asks, ends the run, and is audited", async () => {
    expect((await desk.type("runs cancel tonight", { answers: ["n"] })).code).toBe(130);
    expect(await desk.runs.read("tonight")).not.toHaveProperty("cancelledAtMs");
    const { code, err } = await desk.type("runs cancel tonight --reason 'the wrong file'", {
      answers: ["y"],
    });
    expect(code).toBe(0);
    expect(err).toMatch(/cancel run tonight, 3 of whose 3 records are open/);
    expect(await desk.runs.read("tonight")).toHaveProperty("cancelledAtMs");
    expect((await desk.harness.decisions()).at(-1)?.summary).toBe(
      "cancelled run tonight by anna: the wrong file",
    );
    expect(await desk.type("runs cancel tonight --yes")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/cancelled already/),
    });
  });
});
