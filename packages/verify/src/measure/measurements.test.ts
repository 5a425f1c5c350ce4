import { describe, expect, test } from "vitest";
import { withRedrive } from "../fakes/play-redrive.ts";
import { openSimulatedAccount } from "../fakes/simulated-account.ts";
import type { Account } from "../ports/account.ts";
import type { QueueSpec } from "../ports/queues.ts";
import { clockSkew } from "./clock-skew.ts";
import { controlPlane } from "./control-plane/control-plane.ts";
import { functionArnCondition } from "./control-plane/function-arn-condition.ts";
import type { Measurement } from "./measurement.ts";
import { groupLock } from "./queues/group-lock.ts";
import { lateDeletion } from "./queues/late-deletion.ts";
import { redrive } from "./queues/redrive.ts";

/** Measures in an account on virtual time, and tells each row's verdict. */
async function verdicts(
  measurement: Measurement,
  change: (account: Account) => Partial<Account> = () => ({}),
) {
  const aws = openSimulatedAccount({ transitionMs: () => 15_000, change });
  const { findings } = await aws.measure(measurement);
  return Object.fromEntries(
    findings.map(({ row, outcome }) => [
      row,
      outcome.kind === "not-measured" ? outcome.why : `${outcome.kind}: ${outcome.measured}`,
    ]),
  );
}

describe("on the models of the lab, which are as assumed,", () => {
  test("a late deletion is refused, and the message comes back", async () => {
    expect(await verdicts(lateDeletion)).toEqual({
      "late-deletion": "holds: refused with InvalidParameterValue, and the message comes back",
    });
  });

  test("only what is behind the hidden message of a group waits", async () => {
    expect(await verdicts(groupLock)).toEqual({ "group-lock": "holds: first" });
  });

  test("a redriven message counts anew, and keeps what it had", async () => {
    const changed = ({ queues }: Account) => ({ queues: withRedrive(queues) });
    expect(await verdicts(redrive, changed)).toEqual({
      "redriven-count": "holds: 1; in the dead-letter queue it was 1",
      "redriven-attributes": "holds: as they were",
    });
  });

  test("clocks that are all the same differ by nothing", async () => {
    expect(await verdicts(clockSkew)).toEqual({ "clock-skew": "holds: between 0 and 30 ms, by 100 calls" });
  });

  test("updates are refused, and kept, as AWS documents it", async () => {
    expect(await verdicts(controlPlane)).toEqual({
      "busy-while-changing": "holds: refused with ResourceInUseException",
      "update-while-disabled": "holds: Updating",
      "omission-keeps": "holds: 2",
      "least-concurrency":
        "holds: refused with ValidationException; accepted; refused with ValidationException",
      "bounds-refusal": "holds: refused with ValidationException",
      "fifo-batches": "holds: refused with InvalidParameterValueException",
    });
  });
});

describe("an AWS that is otherwise is found out:", () => {
  test("it takes a late deletion", async () => {
    const changed = ({ queues }: Account) => ({
      queues: {
        ...queues,
        delete: (...[queue, handle]: Parameters<typeof queues.delete>) =>
          queues.delete(queue, handle).catch(() => {}),
      },
    });
    expect((await verdicts(lateDeletion, changed))["late-deletion"]).toMatch(/^differs: accepted/);
  });

  test("it brings more of a group, or nothing", async () => {
    const changed = ({ queues }: Account) => ({ queues: { ...queues, hide: async () => {} } });
    expect((await verdicts(groupLock, changed))["group-lock"]).toBe("differs: first, second, third");
  });

  test("its redrive keeps counts, and loses attributes", async () => {
    const changed = ({ queues }: Account) => {
      const played = withRedrive(queues);
      return {
        queues: {
          ...played,
          receive: async (...call: Parameters<typeof queues.receive>) =>
            (await played.receive(...call)).map((message) => ({
              ...message,
              receiveCount: 4,
              attributes: {},
            })),
        },
      };
    };
    expect(await verdicts(redrive, changed)).toMatchObject({
      "redriven-count": "differs: 4; in the dead-letter queue it was 4",
      "redriven-attributes": expect.stringMatching(/^differs: body a dead letter, attributes \{\}/),
    });
  });

  test("its clocks differ by more", async () => {
    let at = 0;
    const changed = ({ functions }: Account) => ({
      functions: {
        ...functions,
        async invoke(...call: Parameters<typeof functions.invoke>) {
          const { nowMs } = (await functions.invoke(...call)) as { nowMs: number };
          at += 1;
          return { nowMs: nowMs + (at === 50 ? 2_100 : 0) };
        },
      },
    });
    expect((await verdicts(clockSkew, changed))["clock-skew"]).toMatch(
      /^differs: between 20[67]\d and 21[23]\d ms/,
    );
  });

  test.each([
    ["accepted", "accepted"],
    ["AccessDeniedException", "AccessDeniedException"],
    ["accepted", "AccessDeniedException"],
  ])("its condition on the function lets one's own mapping be %s, another's %s", async (own, other) => {
    const invoked: string[] = [];
    const changed = ({ functions, queues }: Account) => ({
      // The models know FIFO queues alone.
      queues: {
        ...queues,
        create: (spec: QueueSpec) =>
          queues.create({ ...spec, name: spec.name.replace(/(\.fifo)?$/, ".fifo"), isFifo: true }),
      },
      functions: {
        ...functions,
        async invoke(name: string, event: unknown) {
          const { uuid } = event as { readonly uuid?: string };
          if (uuid === undefined) return functions.invoke(name, event);
          invoked.push(uuid);
          return { answer: uuid === invoked[0] ? own : other };
        },
      },
    });
    const { "function-arn-condition": verdict } = await verdicts(functionArnCondition, changed);
    const holds = own === "accepted" && other !== own;
    expect(verdict).toBe(`${holds ? "holds" : "differs"}: ${own}, ${other}`);
    expect(new Set(invoked).size).toBe(2);
  });

  test("it takes every update at any time", async () => {
    const changed = () => ({
      mappings: {
        create: async () => "uuid",
        read: async () => ({ state: "Disabled", batchSize: 1, maximumConcurrency: undefined }),
        update: async () => ({ state: "Disabled", batchSize: 1, maximumConcurrency: undefined }),
      },
    });
    const found = await verdicts(controlPlane, changed);
    for (const verdict of Object.values(found)) expect(verdict).toMatch(/^differs: /);
    expect(Object.keys(found)).toEqual(controlPlane.rows);
  });
});
