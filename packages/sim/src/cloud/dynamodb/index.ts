export { DynamoDbError, UnsupportedRequest } from "./errors.ts";
export type { ItemKey } from "./keys.ts";
export type { OperationName, TableResponse } from "./operations/operation.ts";
export type { AttributeValue, Item } from "./values/attribute-value.ts";
export { type Around, createVirtualTable, type TableRequest, type VirtualTable } from "./virtual-table.ts";
