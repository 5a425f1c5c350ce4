import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** The rows of a long list that are seen, all of one height, from 0. */
export interface Seen {
  readonly first: number;
  /** The one after the last that is seen. */
  readonly last: number;
  /** In px. */
  readonly rowHeight: number;
}

/** A list that is scrolled, and what is seen of it. */
export interface ListWindow {
  readonly viewport: RefObject<HTMLDivElement | null>;
  readonly seen: Seen;
  /** Looks at what is seen now; for each scroll. */
  look(): void;
  /** Scrolls as little as it takes to see a row. */
  reveal(index: number): void;
  toTop(): void;
}

/** Height of a row until one has been measured, in px. */
const ROW_HEIGHT = 32;
const ROWS_AT_FIRST = 20;

/**
 * Follows what is seen of a list.
 * @param rowSelector finds a row that is drawn, of which the height is taken
 * @param onLook is called whenever it has been looked at
 */
export function useWindow(rowSelector: string, onLook: (seen: Seen) => void): ListWindow {
  const viewport = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<Seen>({ first: 0, last: ROWS_AT_FIRST, rowHeight: ROW_HEIGHT });

  function look(): void {
    const element = viewport.current;
    if (element === null) return;
    const rowHeight = element.querySelector<HTMLElement>(rowSelector)?.offsetHeight || ROW_HEIGHT;
    const first = Math.floor(element.scrollTop / rowHeight);
    const last = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight);
    const now = { first, last, rowHeight };
    if (first !== seen.first || last !== seen.last || rowHeight !== seen.rowHeight) setSeen(now);
    onLook(now);
  }
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (viewport.current !== null) observer.observe(viewport.current);
    return () => observer.disconnect();
  });

  function reveal(index: number): void {
    const element = viewport.current;
    if (element === null) return;
    const top = index * seen.rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    const least = top + seen.rowHeight - element.clientHeight;
    if (least > element.scrollTop) element.scrollTop = least;
  }

  return { viewport, seen, look, reveal, toTop: () => viewport.current?.scrollTo(0, 0) };
}
