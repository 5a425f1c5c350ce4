/** A deliberate fault in the production code: one line, changed so that a promise breaks. */
export interface Mutant {
  /** The promise, or the part, that it breaks. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Text that the file has exactly once. */
  readonly from: string;
  readonly to: string;
}

/** The source of a file with a mutant in it. @throws RangeError if its text is not there exactly once */
export function mutated(source: string, { name, file, from, to }: Mutant): string {
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new RangeError(`mutant ${name}: ${file} has its text ${parts.length - 1} times, once is needed`);
  }
  return parts.join(to);
}

/** Mutants of one file. */
export function mutantsIn(
  file: string,
  ...changes: readonly (readonly [name: string, from: string, to: string])[]
): Mutant[] {
  return changes.map(([name, from, to]) => ({ name, file, from, to }));
}
