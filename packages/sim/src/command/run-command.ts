import { SluiceError } from "@sluice/core/errors";
import { CommanderError } from "commander";

/** The exit code for a mistake in the command itself: an option, an input, a name. */
const EXIT_USAGE = 2;

/**
 * Runs a command and sets the exit code of the process: the one that `main` answers; commander's own, which has
 * printed its message already; for a {@link SluiceError} that of its code, after one line on stderr. Anything else
 * that is thrown is a bug, and shown as one.
 * @param exitCodes by error code; the others are mistakes in the command
 */
export async function runCommand(
  main: (args: readonly string[]) => Promise<number>,
  exitCodes: Partial<Record<SluiceError["code"], number>> = {},
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      process.exitCode = thrown.exitCode;
    } else if (thrown instanceof SluiceError) {
      process.stderr.write(`${thrown.message}\n`);
      process.exitCode = exitCodes[thrown.code] ?? EXIT_USAGE;
    } else {
      throw thrown;
    }
  }
}
