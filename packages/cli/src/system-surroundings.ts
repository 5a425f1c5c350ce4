import { createInterface } from "node:readline";
import { systemClock } from "@sluice/aws/system-clock";
import { interruptSignal } from "@sluice/sim/command";
import { launch } from "./browser/launch.ts";
import { createConnect, listProviders } from "./connect/connect.ts";
import type { Input, Output, Surroundings } from "./surroundings.ts";
import { EXIT } from "./verbs/verb.ts";

/** This process's own surroundings. */
export function systemSurroundings(): Surroundings {
  const interrupt = interruptSignal(EXIT.interrupted);
  return {
    variables: process.env,
    platform: process.platform,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: inputOf(interrupt),
    interrupt,
    clock: systemClock,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    launch,
    connect: createConnect(),
    listProviders,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      // A terminal without a size says 0.
      return stream.isTTY && stream.columns > 0 ? stream.columns : Number.POSITIVE_INFINITY;
    },
    write: (text) => void stream.write(text),
  };
}

function inputOf(interrupt: AbortSignal): Input {
  return {
    isTerminal: process.stdin.isTTY === true,
    stream: () => process.stdin,
    readLine: (prompt) =>
      new Promise((resolve) => {
        const lines = createInterface({ input: process.stdin, output: process.stderr });
        const end = () => lines.close();
        interrupt.addEventListener("abort", end, { once: true });
        lines.on("SIGINT", end);
        lines.on("close", () => {
          interrupt.removeEventListener("abort", end);
          resolve(undefined);
        });
        lines.question(prompt, (answer) => {
          resolve(answer);
          lines.close();
        });
      }),
  };
}
