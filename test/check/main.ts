import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

// What `npm run check` does: every npm script whose name begins with `check:`, all at the same time, because one of them
// downloads for half a minute the first time. What each prints comes when it ends; all are heard out before one that fails counts.
const { scripts }: { scripts: Record<string, string> } = JSON.parse(await readFile("package.json", "utf8"));
const names = Object.keys(scripts).filter((name) => name.startsWith("check:"));
const codes = await Promise.all(names.map(check));
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

async function check(name: string): Promise<number | null> {
  const script = spawn("npm", ["run", "--silent", name], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  for (const stream of [script.stdout, script.stderr])
    stream.on("data", (chunk: Buffer) => printed.push(chunk));
  const [code] = await once(script, "close");
  process.stdout.write(Buffer.concat(printed));
  if (code !== 0) process.stderr.write(`npm run ${name} has failed\n`);
  return code;
}
