import { spawn } from "node:child_process";
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));
/** SST's component sources and what they depend on, as `sst install` writes them. */
export const PLATFORM: string = join(ROOT, ".sst", "platform");

/** Says which SST the platform was prepared for; an install that was cut off leaves none. */
const MARK = join(ROOT, ".sst", "prepared.json");
/** The engine that SST 4.17.1 asks for. Only `pulumi version` is ever run here, so that a stand-in will do. */
const PULUMI_VERSION = "v3.215.0";

/**
 * Makes SST's platform ready for type checks and for running the real components, unless it is already: half a minute
 * and 320 MB from the package registry. With a Pulumi of SST's on this machine that one is used; otherwise a stand-in
 * keeps SST from downloading it.
 * @throws Error with what `sst install` printed
 */
export async function preparePlatform(stage: string): Promise<void> {
  const wanted = await wantedVersions();
  if ((await readText(MARK)) === wanted) return;
  process.stderr.write("Preparing SST's platform in .sst, once: this takes about half a minute\n");
  const standIn = await mkdtemp(join(tmpdir(), "sluice-pulumi-"));
  try {
    await rm(PLATFORM, { recursive: true, force: true });
    await install(stage, (await hasPulumi()) ? {} : await standInFor(standIn));
    await writeFile(MARK, wanted);
  } finally {
    await rm(standIn, { recursive: true });
  }
}

async function wantedVersions(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(ROOT, "node_modules/sst/package.json"), "utf8"));
  const [, aws] = /version: "([\d.]+)"/.exec(await readFile(join(ROOT, "sst.config.ts"), "utf8")) ?? [];
  return JSON.stringify({ sst: version, aws });
}

/** Where SST keeps its engine: https://sst.dev/docs/reference/cli */
async function hasPulumi(): Promise<boolean> {
  const config = process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config");
  try {
    await access(join(config, "sst", "bin", "pulumi"));
    return true;
  } catch {
    return process.platform !== "linux";
  }
}

/** A stand-in for Pulumi that tells its version and does nothing. @param config an empty folder @returns the variables that lead SST to it */
export async function standInFor(config: string): Promise<Record<string, string>> {
  const pulumi = join(config, "sst", "bin", "pulumi");
  await mkdir(join(config, "sst", "bin"), { recursive: true });
  await writeFile(pulumi, `#!/bin/sh\necho ${PULUMI_VERSION}\n`);
  await chmod(pulumi, 0o755);
  return { XDG_CONFIG_HOME: config };
}

function install(stage: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(join(ROOT, "node_modules/.bin/sst"), ["install", "--stage", stage, "--print-logs"], {
    cwd: ROOT,
    env: { ...process.env, ...variables, SST_NO_BUN: "1", SST_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`sst install ended with ${code}:\n${Buffer.concat(printed).toString()}`));
    });
  });
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
