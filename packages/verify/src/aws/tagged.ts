import { PREFIX, TAG } from "../run-names.ts";

/** The marks of everything that a run makes. */
export interface Marks {
  /** The run's suffix: the value of its tag. */
  readonly suffix: string;
  /** The environment's own tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** All tags of what a run makes, by name. */
export function tagsOf({ suffix, tags }: Marks): Record<string, string> {
  return { ...tags, [TAG]: suffix };
}

/** True for the tags of something that a run has made under this name. */
export function isTagged(name: string, tags: Readonly<Record<string, string | undefined>> = {}): boolean {
  const suffix = tags[TAG];
  return suffix !== undefined && name.startsWith(`${PREFIX}${suffix}-`);
}
