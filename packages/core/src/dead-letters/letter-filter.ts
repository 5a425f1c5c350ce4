import type { DeadLetter } from "./dead-letter.ts";

/** A choice among dead letters. */
export type LetterFilter =
  | { readonly kind: "all" }
  /** Ids of letters, or of records. */
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  /** A part of the cause, or of its kind; case does not matter. */
  | { readonly kind: "cause"; readonly text: string };

/** True if a letter is chosen. */
export function isChosen({ id, message, cause, causeKind }: DeadLetter, filter: LetterFilter): boolean {
  switch (filter.kind) {
    case "all":
      return true;
    case "ids":
      return filter.ids.includes(id) || (message !== undefined && filter.ids.includes(message.recordId));
    case "cause": {
      const text = filter.text.toLowerCase();
      return [cause, causeKind].some((each) => each.toLowerCase().includes(text));
    }
  }
}

/** The choice in words, for the trail of events. */
export function filterText(filter: LetterFilter): string {
  switch (filter.kind) {
    case "all":
      return "all dead letters";
    case "ids":
      return `dead letters ${filter.ids.slice(0, 10).join(", ")}${filter.ids.length > 10 ? ", …" : ""}`;
    case "cause":
      return `dead letters with cause "${filter.text}"`;
  }
}
