import { callerArn, createStsClient } from "@sluice/aws/caller-identity";
import { Unreachable } from "@sluice/core/errors";
import { type Answering, answerWith, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, expect, test, vi } from "vitest";

const ARN = "arn:aws:sts::123456789012:assumed-role/ops/anna@example.com";
const XML = { "content-type": "text/xml" };
const identity = (fields: string) =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${fields}` +
  `</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
const refusal = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;

afterEach(() => vi.unstubAllEnvs());

/** Asks a server in STS's place; answers with what came of it, and with the number of requests. */
async function ask(answer: Answering): Promise<{ arn: string | Error; requestCount: number }> {
  const server = await startRawServer(answer);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "any");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "any");
  vi.stubEnv("AWS_ENDPOINT_URL_STS", server.url);
  const client = createStsClient();
  const arn = await callerArn(client).catch((thrown: Error) => thrown);
  client.destroy();
  await server.stop();
  return { arn, requestCount: server.paths.length };
}

test("the caller is who STS says", async () => {
  const { arn } = await ask(
    answerWith(200, identity(`<Arn>${ARN}</Arn><Account>123456789012</Account>`), XML),
  );
  expect(arn).toBe(ARN);
});

test.each([
  ["an answer that names nobody", answerWith(200, identity(""), XML)],
  ["trouble of its own", answerWith(500, refusal("InternalFailure"), XML)],
])("after %s STS is unreachable", async (_, answer) => {
  expect((await ask(answer)).arn).toBeInstanceOf(Unreachable);
});

test("trouble is asked through", async () => {
  let count = 0;
  const { arn, requestCount } = await ask((response, request) => {
    count += 1;
    const answer =
      count === 1 ? answerWith(503, "", XML) : answerWith(200, identity(`<Arn>${ARN}</Arn>`), XML);
    answer(response, request);
  });
  expect([arn, requestCount]).toEqual([ARN, 2]);
});

test("credentials that AWS does not know are told in its own words, and not asked with again", async () => {
  const { arn, requestCount } = await ask(answerWith(403, refusal("InvalidClientTokenId"), XML));
  expect(arn).toMatchObject({ name: expect.stringMatching(/InvalidClientTokenId/) });
  expect(arn).not.toBeInstanceOf(Unreachable);
  expect(requestCount).toBe(1);
});
