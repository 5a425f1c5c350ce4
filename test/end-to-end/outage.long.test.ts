import { startDynamoDb, startSqs } from "@sluice/local/cloud";
import { expect, test } from "vitest";
import { startCommand } from "../support/start-command.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

/** So many connections find a service down: with all clients' retries, several seconds. */
const RESETS = 60;

test.each(["sqs", "dynamodb"] as const)(
  "%s down in the middle of a run: it waits, goes on and loses nothing",
  { timeout: 180_000 },
  async (service) => {
    const servers = { sqs: await startSqs(), dynamodb: await startDynamoDb() };
    const proxies = {
      sqs: await startTcpProxy(servers.sqs.url),
      dynamodb: await startTcpProxy(servers.dynamodb.url),
    };
    const command = startCommand(["--records", "600", "--json"], {
      AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
      AWS_ENDPOINT_URL_DYNAMODB: proxies.dynamodb.url,
    });
    await command.printed(/fetched [1-9]/);
    proxies[service].cut(RESETS);
    const { code, stdout, stderr } = await command.ended;
    expect(proxies[service].resetCount).toBe(RESETS);
    expect(JSON.parse(stdout), stderr).toMatchObject({
      accepted: 600,
      stillQueued: 0,
      verdict: "ok",
      broken: [],
    });
    expect(code).toBe(0);
    for (const each of [proxies.sqs, proxies.dynamodb, servers.sqs, servers.dynamodb]) await each.stop();
  },
);
