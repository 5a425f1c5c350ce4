import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * A folder that is made the first time it is asked for. It is filled under another name beside it: what was interrupted is never
 * taken for whole. Throws what `fill` throws.
 */
export async function madeOnce(home: string, fill: (scratch: string) => Promise<void>): Promise<string> {
  if (await exists(home)) return home;
  await mkdir(dirname(home), { recursive: true });
  const scratch = await mkdtemp(join(dirname(home), "making-"));
  try {
    await fill(scratch);
    await rename(scratch, home);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return home;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
