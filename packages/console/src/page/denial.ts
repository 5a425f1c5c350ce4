import { useReducer } from "preact/hooks";

/** Refusals by IAM, by what was asked for: it stays refused until the page is loaded anew, with other credentials. */
const denials = new Map<string, string>();

/**
 * The reason for which these credentials may not do something, as far as it was tried: its buttons are grey then, and say so.
 * @param path what changes are sent to
 */
export function useDenial(path: string): readonly [denial: string | undefined, deny: (why: string) => void] {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const deny = (why: string) => {
    denials.set(path, why);
    draw(undefined);
  };
  return [denials.get(path), deny];
}
