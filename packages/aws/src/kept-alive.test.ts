import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { startRawServer } from "@sluice/testing/raw-server";
import { expect, test } from "vitest";
import { keptAlive } from "./kept-alive.ts";

test("an idle connection is given up by its time, and one on which an answer is awaited is not", async () => {
  const waiting: (() => void)[] = [];
  const server = await startRawServer((response) => void waiting.push(() => response.end("late")));
  const agent = new Agent(keptAlive(20));
  const request = get(server.url, { agent });
  const [socket] = (await once(request, "socket")) as [Socket];
  await once(request, "timeout");
  waiting[0]?.();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(200);
  await once(socket, "close");
  expect(agent.freeSockets).toEqual({});
  await server.stop();
});
