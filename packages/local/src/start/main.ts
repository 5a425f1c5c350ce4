import { createInterrupt, runCommand } from "@sluice/sim/command";
import { parseStartOptions } from "./options.ts";
import { prepare } from "./prepare.ts";
import { withUserPaths } from "./user-paths.ts";
import { EXIT_CODES } from "./verdict-word.ts";

async function main(args: readonly string[]): Promise<number> {
  const options = withUserPaths(parseStartOptions(args), process.env);
  const preparation = await prepare(options);
  const interrupt = createInterrupt(EXIT_CODES.interrupted);
  const stream = options.json ? process.stderr : process.stdout;
  stream.write("Starting SQS, DynamoDB and Lambda on this machine\n");
  // Only now, because the SDKs take seconds to load: a user has read by then that something happens.
  const { carryOut } = await import("./carry-out.ts");
  return carryOut(options, preparation, interrupt);
}

await runCommand(main, { "enqueue-interrupted": EXIT_CODES.broken });
