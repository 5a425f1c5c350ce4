import { open, rm, stat } from "node:fs/promises";
import { messageOf, SluiceError } from "@sluice/core/errors";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system can only be read",
};

/** A page that can't be written. */
export class PageUnwritable extends SluiceError {
  constructor(path: string, thrown: unknown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
    const problem = PROBLEMS[code] ?? messageOf(thrown);
    super("input-invalid", `The page ${path} can't be written: ${problem}`, { cause: thrown });
  }
}

/**
 * Tries to write to a path and leaves it as it was, so that a run is not in vain. @throws PageUnwritable
 */
export async function checkPagePath(path: string): Promise<void> {
  const wasThere = await stat(path).then(
    () => true,
    () => false,
  );
  try {
    await (await open(path, "a")).close();
  } catch (thrown) {
    throw new PageUnwritable(path, thrown);
  }
  if (!wasThere) await rm(path);
}
