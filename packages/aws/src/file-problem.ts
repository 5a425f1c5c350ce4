import { messageOf } from "@sluice/core/errors";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist: a part of its path is no folder",
  EACCES: "can't be read: permission denied",
  EPERM: "can't be read: permission denied",
  EISDIR: "is a folder",
};

/** Says why a file could not be read, as the end of a sentence that begins with the file. */
export function fileProblem(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return PROBLEMS[code] ?? `can't be read: ${messageOf(thrown)}`;
}
