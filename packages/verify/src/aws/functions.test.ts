import { systemClock } from "@sluice/aws/system-clock";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerLocally, refusal } from "../fakes/answer-locally.ts";
import { Interrupted } from "../interrupted.ts";
import type { Functions } from "../ports/functions.ts";
import { stoppableClock } from "../stoppable-clock.ts";
import { type Clients, createClients, destroyAll } from "./clients.ts";
import { createFunctions } from "./functions.ts";

const SPEC = {
  name: "sluice-verify-0a1b2c3d-recorder",
  roleArn: "arn:aws:iam::123456789012:role/sluice-verify/sluice-verify-0a1b2c3d-recorder",
  code: "recorder",
  timeoutSeconds: 30,
  variables: { TABLE: "t" },
} as const;
const ROLE_UNKNOWN = "The role defined for the function cannot be assumed by Lambda.";

let clients: Clients;
let nowMs = 0;
const clock = {
  nowMs: () => nowMs,
  async sleep(durationMs: number) {
    nowMs += durationMs;
  },
};
let functions: Functions;
beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  nowMs = systemClock.nowMs();
  clients = createClients("eu-central-1");
  const marks = { suffix: "0a1b2c3d", tags: { team: "blue" } };
  const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
  functions = createFunctions({ ...clients, clock, marks, permissionsBoundaryArn });
});
afterEach(() => {
  destroyAll(clients);
  vi.unstubAllEnvs();
});

test("a function waits until Lambda knows its role, and until it is active", async () => {
  let creations = 0;
  let looks = 0;
  answerLocally(clients.lambda, {
    CreateFunction() {
      creations += 1;
      if (creations < 4) throw refusal("InvalidParameterValueException", ROLE_UNKNOWN);
      return { FunctionArn: "arn" };
    },
    GetFunctionConfiguration() {
      looks += 1;
      return { State: looks < 3 ? "Pending" : "Active" };
    },
  });
  expect(await functions.create(SPEC)).toBe("arn");
  expect([creations, looks]).toEqual([4, 3]);
});

test("a wait for a role that is interrupted ends at once, as no failed call", async () => {
  const interruption = new AbortController();
  answerLocally(clients.lambda, {
    CreateFunction() {
      interruption.abort();
      throw refusal("InvalidParameterValueException", ROLE_UNKNOWN);
    },
  });
  const stoppable = stoppableClock(clock, interruption.signal);
  const marks = { suffix: "0a1b2c3d", tags: {} };
  const creation = createFunctions({ ...clients, clock: stoppable, marks }).create(SPEC);
  await expect(creation).rejects.toThrow(Interrupted);
});

test.each([
  ["a role that never becomes known", "InvalidParameterValueException", ROLE_UNKNOWN],
  ["another refusal, at once", "AccessDeniedException", "User is not authorized"],
])("%s is told", async (_, name, message) => {
  answerLocally(clients.lambda, {
    CreateFunction() {
      throw refusal(name, message);
    },
  });
  const startedAtMs = nowMs;
  await expect(functions.create(SPEC)).rejects.toThrow(`lambda:CreateFunction: ${name}: ${message}`);
  expect(nowMs - startedAtMs).toBe(name.startsWith("Invalid") ? 60_000 : 0);
});

test("a role has the environment's boundary and tags, the run's tag, and its rights in a policy of its own", async () => {
  const requests: Record<string, unknown>[] = [];
  const keep = (answer: object) => (input: Record<string, unknown>) => {
    requests.push(input);
    return answer;
  };
  answerLocally(clients.iam, { CreateRole: keep({ Role: { Arn: "arn" } }), PutRolePolicy: keep({}) });
  const condition = { StringEquals: { "lambda:FunctionArn": "f" } };
  await functions.createRole("sluice-verify-0a1b2c3d-updater", [
    { actions: ["lambda:UpdateEventSourceMapping"], resource: "*", condition },
  ]);
  const [role, policy] = requests;
  expect(role).toMatchObject({
    Path: "/sluice-verify/",
    PermissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
    Tags: [
      { Key: "team", Value: "blue" },
      { Key: "sluice-verify", Value: "0a1b2c3d" },
    ],
  });
  expect(JSON.parse(String(policy?.PolicyDocument)).Statement).toEqual([
    { Effect: "Allow", Action: ["lambda:UpdateEventSourceMapping"], Resource: "*", Condition: condition },
  ]);
});

test("an error of a function is a failed call, with what it said", async () => {
  const Payload = Object.assign(Buffer.from("boom"), { transformToString: () => "boom" });
  answerLocally(clients.lambda, { Invoke: () => ({ FunctionError: "Unhandled", Payload }) });
  await expect(functions.invoke("f", {})).rejects.toThrow("lambda:InvokeFunction: Unhandled: boom");
});
