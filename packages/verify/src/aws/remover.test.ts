import { systemClock } from "@sluice/aws/system-clock";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Answers, answerLocally, refusal } from "../fakes/answer-locally.ts";
import type { Remover } from "../ports/resource.ts";
import { PREFIX, TAG } from "../run-names.ts";
import { type Clients, createClients, destroyAll } from "./clients.ts";
import { createRemover } from "./remover.ts";

const OURS = `${PREFIX}0a1b2c3d-x`;
const OURS_TOO = `${PREFIX}99999999-y`;
const UNTAGGED = `${PREFIX}4e5f6071-z`;
const tagsOf = (name: string) =>
  name === UNTAGGED ? {} : { [TAG]: name.slice(PREFIX.length, PREFIX.length + 8) };

let clients: Clients;
let remover: Remover;
beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  clients = createClients("eu-central-1");
  // Nothing instant passes on this clock: what is repeated is repeated at once.
  remover = createRemover(clients, { ...systemClock, sleep: async () => {} });
});
afterEach(() => {
  destroyAll(clients);
  vi.unstubAllEnvs();
});

const nameIn = (text: string) => text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf(":")) + 1);
const pairs = (name: string) => Object.entries(tagsOf(name)).map(([Key, Value]) => ({ Key, Value }));

/** A service with two pages of names, of which one has no tag of a run. */
const PAGES = [[OURS, UNTAGGED], [OURS_TOO]] as const;

function answerWithPages(): void {
  const second = <T extends object>(input: T, marker: keyof T) => (input[marker] === "more" ? 1 : 0);
  answerLocally(clients.sqs, {
    ListQueues: (input: { NextToken: string }) => ({
      QueueUrls: PAGES[second(input, "NextToken")].map(
        (name) => `https://sqs.eu-central-1.amazonaws.com/1/${name}`,
      ),
      NextToken: second(input, "NextToken") === 0 ? "more" : undefined,
    }),
    ListQueueTags: ({ QueueUrl }: { QueueUrl: string }) => ({ Tags: tagsOf(nameIn(QueueUrl)) }),
  });
  const arnOf = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;
  answerLocally(clients.lambda, {
    ListFunctions: (input: { Marker: string }) => ({
      Functions: ["others", ...PAGES[second(input, "Marker")]].map((name) => ({
        FunctionName: name,
        FunctionArn: arnOf(name),
      })),
      NextMarker: second(input, "Marker") === 0 ? "more" : undefined,
    }),
    ListTags: ({ Resource }: { Resource: string }) => ({ Tags: tagsOf(nameIn(Resource)) }),
  });
  answerLocally(clients.dynamodb, {
    ListTables: ({ ExclusiveStartTableName: start }: { ExclusiveStartTableName: string }) =>
      start === PREFIX
        ? { TableNames: PAGES[0], LastEvaluatedTableName: UNTAGGED }
        : { TableNames: [...PAGES[1], "tables-of-others"], LastEvaluatedTableName: "tables-of-others" },
    DescribeTable: ({ TableName }: { TableName: string }) => ({
      Table: { TableArn: `arn:aws:dynamodb:eu-central-1:123456789012:table/${TableName}` },
    }),
    ListTagsOfResource: ({ ResourceArn }: { ResourceArn: string }) => ({ Tags: pairs(nameIn(ResourceArn)) }),
  });
  answerLocally(clients.iam, {
    ListRoles: (input: { Marker: string }) => ({
      Roles: PAGES[second(input, "Marker")].map((RoleName) => ({ RoleName })),
      IsTruncated: second(input, "Marker") === 0,
      Marker: "more",
    }),
    ListRoleTags: ({ RoleName }: { RoleName: string }) => ({ Tags: pairs(RoleName) }),
  });
}

test.each(["function", "queue", "table", "role"] as const)(
  "every %s with prefix and tag is found, on all pages, and no other",
  async (kind) => {
    answerWithPages();
    expect(await remover.find(kind, PREFIX)).toEqual([
      { kind, name: OURS },
      { kind, name: OURS_TOO },
    ]);
  },
);

const gone = (name: string) => () => {
  throw refusal(name, "it is not there");
};

test("what is gone already is removed", async () => {
  answerLocally(clients.sqs, { GetQueueUrl: gone("QueueDoesNotExist") });
  answerLocally(clients.dynamodb, { DeleteTable: gone("ResourceNotFoundException") });
  answerLocally(clients.iam, {
    DeleteRolePolicy: gone("NoSuchEntityException"),
    DeleteRole: gone("NoSuchEntityException"),
  });
  answerLocally(clients.lambda, {
    ListEventSourceMappings: gone("ResourceNotFoundException"),
    DeleteFunction: gone("ResourceNotFoundException"),
  });
  for (const kind of ["function", "queue", "table", "role"] as const)
    await expect(remover.remove({ kind, name: OURS })).resolves.toBeUndefined();
});

test("a function goes after its mappings, which are deleted as soon as no change of them is under way", async () => {
  const calls: string[] = [];
  const uuid = "0f9d8c7b-6a5e-4d3c-8b2a-1f0e9d8c7b6a";
  let mappings = [{ UUID: uuid }];
  let looks = 0;
  const answers: Answers = {
    ListEventSourceMappings() {
      looks += 1;
      if (looks > 3) mappings = [];
      return { EventSourceMappings: mappings };
    },
    DeleteEventSourceMapping() {
      calls.push("delete the mapping");
      if (calls.length < 3) throw refusal("ResourceInUseException", "in use");
      return {};
    },
    DeleteFunction() {
      calls.push("delete the function");
      return {};
    },
  };
  answerLocally(clients.lambda, answers);
  await remover.remove({ kind: "function", name: OURS });
  expect(calls).toEqual([...Array(3).fill("delete the mapping"), "delete the function"]);
  expect(looks).toBe(4);
});

test("a refusal is told with the permission that it needs", async () => {
  answerLocally(clients.iam, { ListRoles: gone("AccessDenied") });
  await expect(remover.find("role", PREFIX)).rejects.toThrow(
    "iam:ListRoles: AccessDenied: it is not there (the credentials need iam:ListRoles)",
  );
});
