import { startDynamoDb, startSqs } from "@sluice/local/cloud";
import { afterEach, expect, test, vi } from "vitest";
import { expectAllWell, FAULT_MS, FAULTY_DAY, runFaultyDay } from "../support/faulty-day.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(["sqs", "dynamodb"] as const)("%s cut off for half a minute", FAULTY_DAY, async (service) => {
  const servers = { sqs: await startSqs(), dynamodb: await startDynamoDb() };
  const proxies = {
    sqs: await startTcpProxy(servers.sqs.url),
    dynamodb: await startTcpProxy(servers.dynamodb.url),
  };
  vi.stubEnv("AWS_ENDPOINT_URL_SQS", proxies.sqs.url);
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", proxies.dynamodb.url);
  const report = await runFaultyDay({
    args: ["--records", "200"],
    meanwhile: () => proxies[service].cutFor(FAULT_MS),
  });
  for (const each of [proxies.sqs, proxies.dynamodb, servers.sqs, servers.dynamodb]) await each.stop();
  expect(proxies[service].resetCount).toBeGreaterThan(0);
  expectAllWell(report, 200);
});
