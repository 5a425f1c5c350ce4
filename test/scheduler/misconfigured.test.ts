import type { SQSClient } from "@aws-sdk/client-sqs";
import { ClientMisconfigured } from "@sluice/aws/client-misconfigured";
import { createScheduler } from "@sluice/aws/scheduler";
import { createSqsClient, createSqsQueue } from "@sluice/aws/sqs-queue";
import { Unreachable } from "@sluice/core/errors";
import { createSqsClientFor } from "@sluice/local/cloud";
import { startUntrustedServer } from "@sluice/testing/untrusted-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { type Line, refuses, type ScriptedSqs, says, startScriptedSqs } from "../support/scripted-sqs.ts";

let sqs: ScriptedSqs | undefined;
beforeEach(() => {
  const files = { AWS_CONFIG_FILE: "/nowhere", AWS_SHARED_CREDENTIALS_FILE: "/nowhere" };
  const none = { AWS_PROFILE: undefined, AWS_DEFAULT_REGION: undefined, AWS_SESSION_TOKEN: undefined };
  stubAll({ ...files, ...none, AWS_EC2_METADATA_DISABLED: "true", AWS_MAX_ATTEMPTS: "1" });
  stubAll({ AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sqs?.stop();
  sqs = undefined;
});

type Variables = Readonly<Record<string, string | undefined>>;

function stubAll(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

async function startThat(line: Line): Promise<ScriptedSqs> {
  sqs = await startScriptedSqs(line);
  stubAll({ AWS_ENDPOINT_URL_SQS: sqs.url });
  return sqs;
}

async function problemOf(options: { client?: SQSClient } = {}): Promise<Error> {
  return createScheduler({ provider: "demo", ...options }).then(
    () => new Error("a scheduler was made"),
    (thrown: unknown) => thrown as Error,
  );
}

/** Variables that are wrong, and what the message says: what is wrong, the variable, what it should be. */
const VARIABLES: readonly [what: string, variables: Variables, says: readonly string[]][] = [
  ["no region", { AWS_REGION: undefined }, ["Region is missing", "AWS_REGION", "eu-central-1"]],
  ["a region with a space", { AWS_REGION: "EU Central" }, ["EU Central", "AWS_REGION", "eu-central-1"]],
  ["an empty region", { AWS_REGION: "" }, ["AWS_REGION", "eu-central-1"]],
  [
    "no credentials",
    { AWS_ACCESS_KEY_ID: undefined },
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "role"],
  ],
  [
    "half the credentials",
    { AWS_SECRET_ACCESS_KEY: undefined },
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
  ],
  ["a profile that is not there", { AWS_ACCESS_KEY_ID: undefined, AWS_PROFILE: "nobody" }, ["AWS_PROFILE"]],
  [
    "an endpoint that is no URL",
    { AWS_ENDPOINT_URL_SQS: "nonsense" },
    ["nonsense", "AWS_ENDPOINT_URL_SQS", "https://"],
  ],
  [
    "an endpoint for all services that is no URL",
    { AWS_ENDPOINT_URL: "nonsense" },
    ["nonsense", "AWS_ENDPOINT_URL"],
  ],
  [
    "an endpoint without a scheme",
    { AWS_ENDPOINT_URL_SQS: "localhost:4566" },
    ["localhost:", "AWS_ENDPOINT_URL_SQS", "https://"],
  ],
  [
    "an endpoint of another protocol",
    { AWS_ENDPOINT_URL_SQS: "ftp://127.0.0.1" },
    ["ftp:", "AWS_ENDPOINT_URL_SQS", "https://"],
  ],
  [
    "a port that can't be",
    { AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:99999" },
    ["99999", "AWS_ENDPOINT_URL_SQS"],
  ],
];

test.each(VARIABLES)(
  "%s: the message says so, names the variable and what to put there",
  async (_, variables, parts) => {
    stubAll(variables);
    const problem = await problemOf();
    expect(problem).toBeInstanceOf(ClientMisconfigured);
    expect(problem).toMatchObject({ code: "client-misconfigured" });
    for (const part of parts) expect(problem.message).toContain(part);
  },
);

/** Answers of what is no SQS, or does not take these credentials, and what the message says. */
const ANSWERS: readonly [what: string, line: Line, says: readonly string[]][] = [
  ["a page that is not found", says(404, "<html>no</html>"), ["not SQS", "404", "AWS_ENDPOINT_URL_SQS"]],
  ["a page", says(200, "<html>hello</html>"), ["not SQS", "AWS_ENDPOINT_URL_SQS"]],
  [
    "a redirect",
    says(301, "", { location: "https://example.com" }),
    ["not SQS", "301", "AWS_ENDPOINT_URL_SQS"],
  ],
  ["a proxy that forbids it", says(403, "Forbidden", { "content-type": "text/plain" }), ["not SQS", "403"]],
  ["XML", says(400, "<Error><Code>NoSuchBucket</Code></Error>"), ["not SQS", "400", "AWS_ENDPOINT_URL_SQS"]],
  ["a success without the queue's URL", says(200, {}), ["not SQS", "AWS_ENDPOINT_URL_SQS"]],
  ["a success with another kind of URL", says(200, { QueueUrl: 7 }), ["not SQS", "AWS_ENDPOINT_URL_SQS"]],
  [
    "another service of AWS",
    refuses("UnknownOperationException", 404),
    ["not SQS", "UnknownOperationException"],
  ],
  ["an unknown action", refuses("InvalidAction", 400), ["not SQS", "InvalidAction"]],
  [
    "an unknown key",
    refuses("InvalidClientTokenId", 403),
    ["InvalidClientTokenId", "AWS_ACCESS_KEY_ID", "eu-central-1"],
  ],
  ["an unknown client", refuses("UnrecognizedClientException", 400), ["AWS_ACCESS_KEY_ID", "eu-central-1"]],
  [
    "a wrong secret",
    refuses("SignatureDoesNotMatch", 403),
    ["SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"],
  ],
  ["a wrong signature", refuses("InvalidSignatureException", 403), ["AWS_SECRET_ACCESS_KEY"]],
  ["an incomplete signature", refuses("IncompleteSignature", 400), ["AWS_SECRET_ACCESS_KEY"]],
  ["no signature", refuses("MissingAuthenticationToken", 403), ["AWS_ACCESS_KEY_ID"]],
  ["a token that has expired", refuses("ExpiredToken", 403), ["ExpiredToken", "AWS_SESSION_TOKEN"]],
  ["a region that is not opted in", refuses("OptInRequired", 403), ["OptInRequired", "eu-central-1"]],
];

test.each(ANSWERS)(
  "where the endpoint answers with %s the message says so, and what to check",
  async (_, line, parts) => {
    await startThat(line);
    const problem = await problemOf();
    expect(problem).toBeInstanceOf(ClientMisconfigured);
    for (const part of parts) expect(problem.message).toContain(part);
  },
);

test("what answers is named by its address, also where the caller's own client has it", async () => {
  const { url, client } = await startThat(says(404, "<html>no</html>"));
  stubAll({ AWS_ENDPOINT_URL_SQS: undefined });
  expect((await problemOf({ client })).message).toContain(url);
});

test("a server whose certificate nobody vouches for is a matter of the endpoint", async () => {
  const untrusted = await startUntrustedServer();
  stubAll({ AWS_ENDPOINT_URL_SQS: untrusted.url });
  const problem = await problemOf();
  expect(problem).toBeInstanceOf(ClientMisconfigured);
  expect(problem.cause).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  for (const part of ["certificate", untrusted.url, "AWS_ENDPOINT_URL_SQS"])
    expect(problem.message).toContain(part);
  await untrusted.stop();
});

test("an https endpoint where http is spoken is a matter of the endpoint", async () => {
  const { url } = await startThat(says(200, {}));
  stubAll({ AWS_ENDPOINT_URL_SQS: url.replace("http:", "https:") });
  const problem = await problemOf();
  expect(problem).toBeInstanceOf(ClientMisconfigured);
  expect(problem.message).toContain("AWS_ENDPOINT_URL_SQS");
});

test.each([502, 503, 429])("a page with the status %i is a proxy's trouble, which passes", async (status) => {
  await startThat(says(status, "<html>later</html>", { "content-type": "text/html" }));
  expect(await problemOf()).toBeInstanceOf(Unreachable);
});

/** Addresses where nobody answers for now: that may pass, and so it stays unreachable, with what to check. */
test.each<[what: string, variables: () => Promise<Variables>, says: readonly string[]]>([
  [
    "a closed port",
    async () => ({ AWS_ENDPOINT_URL_SQS: await closedPort() }),
    ["http://127.0.0.1:", "AWS_ENDPOINT_URL_SQS"],
  ],
  [
    "a host without an address",
    async () => ({ AWS_ENDPOINT_URL_SQS: "http://nobody.invalid" }),
    ["nobody.invalid", "AWS_ENDPOINT_URL_SQS"],
  ],
  [
    "a region that does not exist",
    async () => ({ AWS_REGION: "eu-nowhere-9" }),
    ["sqs.eu-nowhere-9.amazonaws.com", "AWS_REGION"],
  ],
])("%s is unreachable, and the message says which setting leads there", async (_, variables, parts) => {
  stubAll(await variables());
  const problem = await problemOf();
  expect(problem).toBeInstanceOf(Unreachable);
  for (const part of parts) expect(problem.message).toContain(part);
});

test("credentials that are gone in the middle of a run are told as such", async () => {
  stubAll({ AWS_ACCESS_KEY_ID: undefined });
  const queue = createSqsQueue(createSqsClient(), "https://sqs.eu-central-1.amazonaws.com/0/a.fifo");
  const send = queue.send([{ groupId: "g", deduplicationId: "d", body: "b" }]);
  await expect(send).rejects.toMatchObject({
    code: "client-misconfigured",
    message: expect.stringContaining("AWS_ACCESS_KEY_ID"),
  });
});

test("a token that expires in the middle of a run may be a new one by the next call", async () => {
  const { client, url } = await startThat(refuses("ExpiredToken", 403));
  const send = createSqsQueue(client, `${url}/0/a.fifo`).send([
    { groupId: "g", deduplicationId: "d", body: "b" },
  ]);
  await expect(send).rejects.toBeInstanceOf(Unreachable);
});

test("what SQS itself refuses is no matter of settings", async () => {
  const { url } = await startThat(refuses("AccessDenied", 403));
  const client = createSqsClientFor(url, "eu-central-1");
  expect(await problemOf({ client })).toMatchObject({ code: "queue-missing" });
  client.destroy();
});
