import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Ended } from "./start-command.ts";

const BIN = fileURLToPath(new URL("../../packages/cli/bin/sluice.mjs", import.meta.url));

/** Runs the command `sluice` as a user would, without npx; `input` is what is piped into it. */
export async function sluiceCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  input = "",
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env } });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}
