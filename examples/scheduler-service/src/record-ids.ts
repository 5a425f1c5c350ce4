const MADE_UP_COUNT = 100;

/**
 * Where your ids come from: a query, or a file that is read line by line. These are made up. Ids are taken one by
 * one, so that half a million of them need not fit into memory.
 */
export async function* recordIds(): AsyncGenerator<string> {
  for (let number = 1; number <= MADE_UP_COUNT; number += 1) yield `customer-${number}`;
}
