/** Answers when a provider may be called: {@link calendarOf} makes one of windows. Instants are whole epoch ms. */
export interface Calendar {
  /** The stretch that an instant lies in. Asked for the same one again it costs some nanoseconds. */
  stretchAt(atMs: number): Stretch;
}

/** A time in which nothing changes, as long as it is: right before it and from its end on it is the other way round. */
export interface Stretch {
  readonly isOpen: boolean;
  /** Minus infinity if it has always been so. */
  readonly fromMs: number;
  /** Infinity if it never changes. */
  readonly untilMs: number;
}

/** The calendar of a provider without windows. */
export const ALWAYS_OPEN: Calendar = {
  stretchAt: () => ALWAYS,
};

const ALWAYS: Stretch = {
  isOpen: true,
  fromMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.POSITIVE_INFINITY,
};

/**
 * A calendar that keeps its last answer, as nearly every question is for the same stretch again. What is kept follows from
 * the windows alone, so that it is never wrong, whoever asks.
 */
export function remembering(stretchAt: (atMs: number) => Stretch): Calendar {
  let last: Stretch = { isOpen: false, fromMs: 0, untilMs: 0 };
  return {
    stretchAt(atMs) {
      if (atMs < last.fromMs || last.untilMs <= atMs) last = stretchAt(atMs);
      return last;
    },
  };
}

/** A piece of a stretch on one side of an instant; undefined if nothing changes there any more. */
export type Neighbour = (atMs: number) => Stretch | undefined;

/** The whole stretch that a piece belongs to. Neighbours may be pieces, too. */
export function grown({ isOpen, fromMs, untilMs }: Stretch, before: Neighbour, after: Neighbour): Stretch {
  let first: Stretch | undefined = { isOpen, fromMs, untilMs };
  let last: Stretch | undefined = first;
  let whole = first;
  while (last?.isOpen === isOpen) {
    whole = { ...whole, untilMs: last.untilMs };
    last = after(last.untilMs);
  }
  while (first?.isOpen === isOpen) {
    whole = { ...whole, fromMs: first.fromMs };
    first = before(first.fromMs);
  }
  return {
    isOpen,
    fromMs: first === undefined ? Number.NEGATIVE_INFINITY : whole.fromMs,
    untilMs: last === undefined ? Number.POSITIVE_INFINITY : whole.untilMs,
  };
}
