import { beforeEach, describe, expect, test } from "vitest";
import { createDesk, type Desk } from "./fakes/desk.ts";

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

const VERBS = [
  "status",
  "holds",
  "hold",
  "resume",
  "pin",
  "force",
  "probe",
  "decisions",
  "doctor",
  "runs list",
  "runs show",
  "runs wait",
  "runs cancel",
  "enqueue",
  "dead list",
  "dead show",
  "dead redrive",
  "dead drop",
];

describe("the command line", () => {
  test.each(VERBS)("%s has help with examples, and takes --json", async (verb) => {
    const { code, out } = await desk.type(`${verb} --help`);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n {2}\$ sluice /);
    expect(out).toContain("--json");
    expect(out).toContain("--provider <id>");
  });

  test("help lists every verb", async () => {
    const { out } = await desk.type("--help");
    for (const verb of VERBS) expect(out).toContain(`\n  ${verb.split(" ")[0]} `);
  });

  test.each([
    ["stat", /unknown command 'stat'\n\(Did you mean status\?\)/],
    ["status --provder x", /unknown option '--provder'\n\(Did you mean --provider\?\)/],
    ["pin", /missing required argument 'limit'/],
    ["hold --reason", /argument missing/],
  ])("wrong use such as %j is told in two lines and a hint", async (line, message) => {
    const { code, err } = await desk.type(line);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(3);
  });

  test("a refusal by AWS is told in a line", async () => {
    const denied = Object.assign(new Error("User: anna is not authorized to perform: dynamodb:GetItem"), {
      name: "AccessDeniedException",
    });
    Object.assign(desk.access.steering.orders, { read: () => Promise.reject(denied) });
    for (const line of ["status", "holds", "hold --reason x --yes"]) {
      const { code, err } = await desk.type(line);
      expect(code).toBe(2);
      expect(err).toMatch(/^AWS does not let these credentials do that: .*GetItem\n$/);
    }
  });

  test("without a verb is an overview, and what to try", async () => {
    const { code, out, err } = await desk.type("");
    expect(code).toBe(1);
    expect(out).toMatch(/^demo\t/);
    expect(err).toMatch(/sluice --help/);
  });
});
