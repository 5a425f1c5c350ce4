import type { Table } from "@sluice/core/storage";
import { DynamoDbError, UnsupportedRequest } from "./errors.ts";
import { createItems } from "./items.ts";
import type { ItemKey } from "./keys.ts";
import { deleteItem } from "./operations/delete-item.ts";
import { getItem } from "./operations/get-item.ts";
import type { Operation, OperationName, PreparedRequest, TableResponse } from "./operations/operation.ts";
import { putItem } from "./operations/put-item.ts";
import { query } from "./operations/query.ts";
import { scan } from "./operations/scan.ts";
import { updateItem } from "./operations/update-item.ts";
import type { Item } from "./values/attribute-value.ts";

/** A request on its way to the table. */
export interface TableRequest {
  readonly operation: OperationName;
  /** The key of its item; of a query without `sk`, of a scan empty. */
  readonly key: PreparedRequest["key"];
  readonly isWrite: boolean;
}

/**
 * A party between client and table. It may call `apply`, which carries the request out at once, never, once or as often
 * as a client repeats itself, before or after a wait, and answers or rejects as the client is to see it.
 */
export type Around = (request: TableRequest, apply: () => TableResponse) => Promise<TableResponse>;

/** A table in memory, as ElectroDB takes it, that can be looked into. */
export interface VirtualTable extends Table {
  /** The same table, reached by another client. */
  through(around: Around): Table;
  /** All items, those of one partition together. They are the table's own, and never change. */
  items(): Iterable<Item>;
  /** The items of a partition, in the order of their sort keys. */
  partition(pk: string): readonly Item[];
  /** One item; undefined if it is not there. */
  item(key: ItemKey): Item | undefined;
  /** Removes an item by hand. */
  remove(key: ItemKey): void;
}

/** The operations by the class of their command in `@aws-sdk/lib-dynamodb`, which has nothing else to tell them by. */
const OPERATIONS = new Map<string, Operation>([
  ["GetCommand", getItem],
  ["PutCommand", putItem],
  ["UpdateCommand", updateItem],
  ["DeleteCommand", deleteItem],
  ["QueryCommand", query],
  ["ScanCommand", scan],
]);

/**
 * Makes an empty table with DynamoDB's semantics, its key in `pk` and `sk`. Requests are carried out one after
 * another in microtasks: there is no socket, no timer and no randomness. Each rejects with `DynamoDbError` for what
 * DynamoDB refuses, and with `UnsupportedRequest` for what the table does not know.
 */
export function createVirtualTable({
  name = "records",
  around = async (_, apply) => apply(),
}: {
  readonly name?: string;
  readonly around?: Around;
} = {}): VirtualTable {
  const items = createItems();

  function through(around: Around): Table {
    async function send(command: { readonly input: unknown }): Promise<TableResponse> {
      const operation = operationOf(command);
      if (Object(command.input).TableName !== name) throw notFound();
      const prepared = operation.prepare(command.input);
      const { name: operationName, isWrite } = operation;
      const request = { operation: operationName, key: prepared.key, isWrite };
      return around(request, () => prepared.apply(items));
    }
    return { name, client: { send } };
  }

  return {
    ...through(around),
    through,
    items: () => items.after(undefined),
    partition: (pk) => items.partition(pk),
    item: (key) => items.get(key),
    remove: (key) => items.remove(key),
  };
}

function operationOf(command: object): Operation {
  const operation = OPERATIONS.get(command.constructor.name);
  if (operation === undefined) throw new UnsupportedRequest(command.constructor.name);
  return operation;
}

function notFound(): DynamoDbError {
  return new DynamoDbError("ResourceNotFoundException", "Requested resource not found");
}
