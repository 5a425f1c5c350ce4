import type { Items } from "../items.ts";
import type { AttributeValue } from "../values/attribute-value.ts";

/** Names of the operations that the table knows, as DynamoDB's API has them. */
export type OperationName = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan";

/** An operation of DynamoDB's. */
export interface Operation {
  readonly name: OperationName;
  readonly isWrite: boolean;
  /**
   * Reads a request.
   * @throws UnsupportedRequest for anything in it that the table does not know, DynamoDbError for what DynamoDB refuses
   * without looking at an item
   */
  prepare(input: unknown): PreparedRequest;
}

/** A request that was understood. */
export interface PreparedRequest {
  /** The key of its item; of a query without `sk`, of a scan empty. */
  readonly key: { readonly pk?: string; readonly sk?: string };
  /** Carries it out, now and at once; doing it again is a second request. @throws DynamoDbError, UnsupportedRequest */
  apply(items: Items): TableResponse;
}

/** DynamoDB's answer, in the form of the document client. Its receiver may change it. */
export interface TableResponse {
  readonly Item?: Record<string, AttributeValue>;
  readonly Attributes?: Record<string, AttributeValue>;
  readonly Items?: readonly Record<string, AttributeValue>[];
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly LastEvaluatedKey?: Record<string, AttributeValue>;
}
