import { beforeEach, expect, test } from "vitest";
import { createDesk, type Desk } from "../fakes/desk.ts";

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

async function trip(): Promise<void> {
  await desk.harness.report({ faultCount: 3 });
  await desk.access.steering.breaker.look();
}

/** The waker's round, in which the probe ends so. */
function roundWith(evidence: object): void {
  Object.assign(desk.access, {
    wake: async () => {
      await desk.harness.report(evidence, { epoch: (await desk.harness.state())?.epoch ?? 0 });
      await desk.access.steering.breaker.look();
      return { kind: "answered", payload: null };
    },
  });
}

test("a probe that is answered closes the breaker", async () => {
  await trip();
  roundWith({ okCount: 1 });
  expect(await desk.type("probe --yes")).toMatchObject({
    code: 0,
    out: "closed: the probe was answered, limit 1\n",
  });
});

test("one that fails is bad news, with the time of the next", async () => {
  await trip();
  roundWith({ faultCount: 1 });
  expect(await desk.type("probe --yes")).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^still open: the next probe is due 13:01 \(in 1 min\)\n$/),
  });
});

test("where the waker can't be called, its next round makes the probe", async () => {
  await trip();
  Object.assign(desk.access, { wake: async () => ({ kind: "refused", cause: "AccessDenied" }) });
  const { code, out } = await desk.type("probe --yes --json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    isUnderWay: false,
    round: "refused",
    cause: "AccessDenied",
    phase: "half-open",
  });
});

test("a dry run, and a no, let nothing through", async () => {
  await trip();
  expect((await desk.type("probe --dry-run")).out).toBe("would let one call through to the provider\n");
  expect((await desk.type("probe", { answers: ["n"] })).code).toBe(130);
  expect(await desk.harness.state()).toMatchObject({ phase: "open" });
});

test("a closed breaker is not probed", async () => {
  expect(await desk.type("probe --yes")).toMatchObject({ code: 2, err: expect.stringMatching(/is closed/) });
});
