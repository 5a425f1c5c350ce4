import type { Condition } from "../expressions/ast.ts";
import { holds } from "../expressions/holds.ts";
import type { Parsed } from "../expressions/parsed.ts";
import type { Bindings } from "../expressions/scope.ts";
import { keyOf } from "../keys.ts";
import { copyOf, type Item } from "../values/attribute-value.ts";
import { itemBytes } from "../values/item-size.ts";
import type { TableResponse } from "./operation.ts";

/**
 * Bytes after which a page ends, filtered items included:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
 */
const PAGE_BYTES_MAX = 1_024 * 1_024;

/** Bounds of a page, and the filter that its items pass. */
export interface PageRequest {
  readonly filter: Parsed<Condition> | undefined;
  readonly bindings: Bindings;
  /** Most items to look at. */
  readonly limit: number | undefined;
}

/**
 * The first page of items: it ends with the item that makes it too large, or too many, whether or not another
 * follows.
 */
export function pageOf(found: Iterable<Item>, { filter, bindings, limit }: PageRequest): TableResponse {
  const page: Item[] = [];
  let scannedCount = 0;
  let bytes = 0;
  let last: Item | undefined;
  for (const item of found) {
    scannedCount += 1;
    bytes += itemBytes(item);
    if (filter === undefined || holds(filter.tree, { bindings, item })) page.push(item);
    if (bytes >= PAGE_BYTES_MAX || scannedCount === limit) {
      last = item;
      break;
    }
  }
  const counts = { Items: page.map(copyOf), Count: page.length, ScannedCount: scannedCount };
  return last === undefined ? counts : { ...counts, LastEvaluatedKey: { ...keyOf(last) } };
}
