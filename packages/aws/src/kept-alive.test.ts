import { once } from "node:events";
import { Agent, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { startRawServer } from "@sluice/testing/raw-server";
import { expect, test } from "vitest";
import { keptAlive } from "./kept-alive.ts";

test("an idle connection is given up by its time, and one on which an answer is awaited is not", async () => {
  const held = Promise.withResolvers<ServerResponse>();
  const server = await startRawServer((response) => held.resolve(response));
  const agent = new Agent(keptAlive(20));
  const request = get(server.url, { agent });
  const answered = once(request, "response");
  const [[socket]] = await Promise.all([once(request, "socket"), once(request, "timeout")]);
  const closed = once(socket as Socket, "close");
  (await held.promise).end("late");
  const [response] = (await answered) as [IncomingMessage];
  expect(response.resume().statusCode).toBe(200);
  await closed;
  expect(agent.freeSockets).toEqual({});
  await server.stop();
});
