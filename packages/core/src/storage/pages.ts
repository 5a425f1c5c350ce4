import { reachDynamoDb } from "./unreachable.ts";

/** A page of a query or scan. */
export interface Page {
  readonly data: readonly unknown[];
  /** Name of the next page; null after the last one. */
  readonly cursor: string | null;
}

/**
 * Lists the parsed rows of a query or scan, page by page, from a cursor of null on.
 * @throws Unreachable if DynamoDB can't be had now, and every error of `parse`
 */
export async function* listPages<Row>(
  readPage: (cursor: string | null) => Promise<Page>,
  parse: (row: unknown) => Row,
): AsyncIterable<Row> {
  let cursor: string | null = null;
  do {
    const page: Page = await reachDynamoDb(readPage(cursor));
    yield* page.data.map((row) => parse(row));
    cursor = page.cursor;
  } while (cursor !== null);
}
