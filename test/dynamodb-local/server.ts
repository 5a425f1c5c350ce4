import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "@sluice/local/cloud";
import { closedPort } from "../support/closed-port.ts";

const START_MAX_MS = 60_000;

/** DynamoDB Local did not start. */
export class NotStarted extends Error {
  constructor(cause: string) {
    super(
      `DynamoDB Local does not start: ${cause}. It needs Java 17 or later: apt-get install openjdk-17-jre-headless`,
    );
    this.name = new.target.name;
  }
}

/** Starts DynamoDB Local, in memory and on a free port. @param folder its jars @throws NotStarted */
export async function startDynamoDbLocal(folder: string): Promise<Emulator> {
  const url = await closedPort();
  const args = ["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"];
  const java = spawn("java", [...args, "-inMemory", "-disableTelemetry", "-port", new URL(url).port], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  java.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = Promise.race([
    once(java, "error").then(([error]) => String(error)),
    once(java, "close").then(([code]) => `java ended with ${code}: ${complaints.trim()}`),
  ]);
  const cause = await Promise.race([answers(url), ended]);
  if (cause !== undefined) {
    java.kill();
    throw new NotStarted(cause);
  }
  return {
    url,
    async stop() {
      java.kill();
      await ended;
    },
  };
}

/** Resolves with nothing as soon as somebody answers, or with what keeps them from it. */
async function answers(url: string): Promise<string | undefined> {
  const untilMs = Date.now() + START_MAX_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return undefined;
    if (Date.now() > untilMs) return `no answer within ${START_MAX_MS / 1_000} s`;
    await sleep(100);
  }
}
