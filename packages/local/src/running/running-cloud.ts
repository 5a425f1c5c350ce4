import { writeFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { createScratchFolder } from "../scratch/scratch-folder.ts";

/** A cloud that runs on this machine with a provider in it, as whoever operates the provider has to know it. */
export interface RunningCloud {
  /** URLs of its services. */
  readonly endpoints: {
    readonly sqs: string;
    readonly dynamodb: string;
    readonly lambda: string;
  };
  /** Part of the names of all that is deployed. */
  readonly environment: string;
  readonly providerId: string;
  /** The process that it is part of. */
  readonly pid: number;
  readonly startedAtMs: number;
}

const FILE = "running-cloud.json";
const FOLDER = /^sluice-/;
/** Time for a server on this machine to take a connection: one that needs longer is none. */
const CONNECT_MAX_MS = 500;

const url = z.url({ protocol: /^http$/, hostname: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/ });
const fileSchema: z.ZodType<RunningCloud> = z.object({
  endpoints: z.object({ sqs: url, dynamodb: url, lambda: url }),
  environment: z.string(),
  providerId: z.string(),
  pid: z.int().min(1),
  startedAtMs: z.number(),
});

/**
 * Leaves a note for other programs of this user that a cloud runs here. It goes with this process, however that ends as
 * long as it can do anything then; `remove` takes it away before.
 */
export function noteRunningCloud(cloud: RunningCloud): { remove(): void } {
  const folder = createScratchFolder();
  writeFileSync(join(folder.path, FILE), JSON.stringify(cloud), { mode: 0o600 });
  return { remove: folder.remove };
}

/**
 * Finds the clouds that run on this machine for this user, the one that was started last first. A note whose process has
 * died without taking it away, and one that another user left, are no cloud.
 */
export async function findRunningClouds(folder: string = tmpdir()): Promise<readonly RunningCloud[]> {
  const names = (await readdir(folder)).filter((name) => FOLDER.test(name));
  const notes = await Promise.all(names.map((name) => readNote(join(folder, name, FILE))));
  const clouds = notes.filter((note) => note !== undefined);
  const areUp = await Promise.all(clouds.map(isUp));
  return clouds
    .filter((_, index) => areUp[index])
    .toSorted((one, other) => other.startedAtMs - one.startedAtMs);
}

/** The note in a file; undefined if there is none that this user has written. */
async function readNote(file: string): Promise<RunningCloud | undefined> {
  try {
    const { uid } = await stat(file);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    return fileSchema.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** True if the process lives and somebody listens: the number of a dead process may be another one's by now. */
async function isUp({ pid, endpoints }: RunningCloud): Promise<boolean> {
  return isAlive(pid) && (await listens(new URL(endpoints.dynamodb)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function listens({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: CONNECT_MAX_MS });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}
