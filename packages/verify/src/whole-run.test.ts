import { parseEnvironment } from "@sluice/core/deployment";
import { ASSUMED_MAPPING, measuredMappingSchema } from "@sluice/sim/event-source-mapping";
import { beforeAll, expect, test } from "vitest";
import { runVerify } from "./command.ts";
import { fakeSurroundings } from "./fakes/fake-surroundings.ts";
import { openSimulatedAccount, type SimulatedWays } from "./fakes/simulated-account.ts";
import { wholeAccount } from "./fakes/whole-account.ts";
import { parseVerifyOptions } from "./options.ts";
import type { Account } from "./ports/account.ts";
import type { VerifyReport } from "./report/report.ts";
import { runNamesOf } from "./run-names.ts";
import { MEASUREMENTS } from "./schedule/stages.ts";
import { AWS_TIMING } from "./timing.ts";

const PLACE = { accountId: "000000000000", region: "us-east-1" };
const MINUTE_MS = 60_000;
/** Less than half of those that Lambda allows an account and region, documented as fifteen. */
const CONTROL_PLANE_CALLS_A_SECOND = 7;

/** Runs the command to its end in an account on virtual time. */
async function runWhole(
  ways: SimulatedWays,
  args: readonly string[] = [],
  rounds: number = AWS_TIMING.rounds,
) {
  const aws = openSimulatedAccount(ways);
  const { clock, passing } = aws;
  const callsAtMs: number[] = [];
  const { account } = wholeAccount(clock, aws.account);
  const counted = countedAccount(account, (requests) => {
    for (let at = 0; at < requests; at += 1) callsAtMs.push(clock.nowMs());
  });
  const surroundings = fakeSurroundings({ clock });
  const startedAtMs = clock.nowMs();
  const deps = {
    environment: parseEnvironment(PLACE, "trial", "environments/trial.json"),
    account: counted,
    names: runNamesOf("0a1b2c3d"),
    timing: { ...AWS_TIMING, rounds },
    surroundings,
  };
  const options = parseVerifyOptions(["--environment", "trial", "--yes", "--json", ...args]);
  const code = await passing(() => runVerify(deps, options));
  const told = surroundings.told.join("\n");
  const [, typical, most] = /takes about (\d+) minutes, at most (\d+) minutes/.exec(told) ?? [];
  return {
    code,
    told,
    callsAtMs,
    report: JSON.parse(surroundings.printed.join("")) as VerifyReport,
    minutes: (clock.nowMs() - startedAtMs) / MINUTE_MS,
    typicalMinutes: Number(typical),
    mostMinutes: Number(most),
  };
}

/** Requests for a function: to make it and look at it; for its mappings, their deletion, and its own. */
const REQUESTS = { create: 2, remove: 3 };

/** The account, which tells of each request to Lambda's control plane. */
function countedAccount(account: Account, count: (requests: number) => void): Account {
  const { mappings, functions, remover } = account;
  const counted =
    <A extends unknown[], R>(call: (...args: A) => R, requests = 1) =>
    (...args: A) => {
      count(requests);
      return call(...args);
    };
  const removeFunction = counted(remover.remove, REQUESTS.remove);
  return {
    ...account,
    mappings: {
      create: counted(mappings.create),
      read: counted(mappings.read),
      update: counted(mappings.update),
    },
    functions: { ...functions, create: counted(functions.create, REQUESTS.create) },
    remover: {
      ...remover,
      remove: (resource) =>
        resource.kind === "function" ? removeFunction(resource) : remover.remove(resource),
    },
  };
}

/** Counts what was made, as it is announced beforehand. */
function thingsMadeIn(told: string): string {
  const count = (line: RegExp) => [...told.matchAll(line)].length;
  return [
    `${count(/^making queue /gm)} queues`,
    `${count(/^making table /gm)} tables`,
    `${count(/^making function /gm)} functions`,
    `${count(/^making role /gm)} roles`,
    `${count(/^making the mapping /gm)} event source mappings`,
  ].join(", ");
}

const [MIN_SECONDS, MAX_SECONDS] = ASSUMED_MAPPING.updateSeconds;

/** All durations of an update that the lab draws from, one after the other. */
function assumedWays(): SimulatedWays {
  let at = 0;
  return {
    transitionMs() {
      at += 1;
      return 1_000 * (MIN_SECONDS + ((at * 7) % (MAX_SECONDS - MIN_SECONDS + 1)));
    },
  };
}

/** All of it, with the durations that the lab assumes. */
let whole: Awaited<ReturnType<typeof runWhole>>;
beforeAll(async () => {
  whole = await runWhole(assumedWays());
});

test("a run of everything ends within the time that it tells, which is a quarter of an hour", async () => {
  const { code, told, report, minutes, typicalMinutes } = whole;
  expect(code, told).toBe(0);
  expect(minutes).toBeLessThanOrEqual(typicalMinutes);
  expect(minutes).toBeGreaterThan(0.7 * typicalMinutes);
  expect(typicalMinutes).toBeLessThanOrEqual(15);
  expect(told).toContain(`  ${thingsMadeIn(told)}, named sluice-verify-0a1b2c3d-…`);
  const rows = new Set(report.findings.map(({ row }) => row));
  expect(rows).toEqual(new Set(MEASUREMENTS.flatMap((one) => one.rows)));
  expect(report.findings.filter(({ outcome }) => outcome.kind === "not-measured")).toEqual([]);
  expect(measuredMappingSchema.parse(report.mapping)).toEqual(report.mapping);
  expect(Object.values(report.mapping.updateSeconds ?? {}).flat()).toHaveLength(6 * AWS_TIMING.rounds);
});

test("it never asks the control plane for half of what an account has", async () => {
  const { callsAtMs } = whole;
  const most = callsAtMs.map((atMs, at) => callsAtMs.slice(at).filter((one) => one < atMs + 1_000).length);
  expect(callsAtMs.length).toBeGreaterThan(100);
  expect(Math.max(...most)).toBeLessThanOrEqual(CONTROL_PLANE_CALLS_A_SECOND);
});

test("with updates that take nearly three minutes each it ends within the most that it tells", async () => {
  const { code, told, minutes, typicalMinutes, mostMinutes } = await runWhole(
    { transitionMs: () => 175_000 },
    [],
    1,
  );
  expect(code, told).toBe(0);
  expect(minutes).toBeGreaterThan(typicalMinutes);
  expect(minutes).toBeLessThanOrEqual(mostMinutes);
});

test("--long measures the same, one after the other", async () => {
  const { code, report, told, minutes, typicalMinutes } = await runWhole(assumedWays(), ["--long"]);
  expect(code, told).toBe(0);
  expect(minutes).toBeGreaterThan(15);
  expect(minutes).toBeLessThanOrEqual(typicalMinutes);
  expect(told).not.toContain(" beside ");
  expect(Object.values(report.mapping.updateSeconds ?? {}).flat()).toHaveLength(6 * AWS_TIMING.rounds);
});

test("what is under way is told each minute, and how long the rest takes", async () => {
  const { told, typicalMinutes } = whole;
  const left = [...told.matchAll(/^after (\d+) min; .*; about (\d+) min left, at most (\d+)$/gm)];
  expect(left.length).toBeGreaterThan(typicalMinutes - 4);
  for (const [line, after, about] of left)
    expect(Math.abs(Number(after) + Number(about) - typicalMinutes), line).toBeLessThanOrEqual(4);
  expect(told).toContain("5 of 8 done; under way: clock-skew");
  expect(told).toMatch(/under way: (late-deletion|group-lock|redrive), control-plane;/);
});
