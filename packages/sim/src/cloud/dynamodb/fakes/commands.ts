import type { TableResponse } from "../operations/operation.ts";
import type { VirtualTable } from "../virtual-table.ts";

class Command {
  readonly input: object;

  constructor(input: object) {
    this.input = input;
  }
}

/** Commands of the SDK's document client, by the names of their classes, which is all that they are told by. */
export class GetCommand extends Command {}
/** The like. */
export class PutCommand extends Command {}
/** The like. */
export class UpdateCommand extends Command {}
/** The like. */
export class DeleteCommand extends Command {}
/** The like. */
export class QueryCommand extends Command {}
/** The like. */
export class ScanCommand extends Command {}
/** One that the table does not know. */
export class BatchGetCommand extends Command {}

/** Sends a command to a table as ElectroDB does. */
export async function sendTo(table: VirtualTable, command: Command): Promise<TableResponse> {
  if (!("send" in table.client)) throw new TypeError("the table's client has no send");
  return table.client.send(command) as Promise<TableResponse>;
}
