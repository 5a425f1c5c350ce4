import { createRequire } from "node:module";
import { BOUNDS, type Bounds } from "./bounds.ts";

/** A command of the AWS SDK, which has AWS's own model of its call with it. */
export interface ModelledCommand {
  readonly input: unknown;
  /** A list: kind, namespace, name, traits, input and output. */
  readonly schema?: unknown;
}

/** A document client's: attributes are values of JavaScript, and the command that it makes has the model. */
interface DocumentCommand {
  readonly clientCommand?: ModelledCommand;
}

/** The part of `@smithy/core/schema` that reads a model. */
interface Schema {
  getName(): string | undefined;
  getSchema(): unknown;
  isStructSchema(): boolean;
  isUnionSchema(): boolean;
  isListSchema(): boolean;
  isMapSchema(): boolean;
  isStringSchema(): boolean;
  isNumericSchema(): boolean;
  isBooleanSchema(): boolean;
  isTimestampSchema(): boolean;
  getValueSchema(): Schema;
  structIterator(): Iterable<readonly [name: string, member: Schema]>;
}

// The very copy that the SDK's clients have.
const requireAsSdk = createRequire(createRequire(import.meta.url).resolve("@aws-sdk/client-sqs"));
const { NormalizedSchema } = requireAsSdk("@smithy/core/schema") as {
  NormalizedSchema: { of(schema: unknown): Schema };
};

/** The place of the required members' count in a structure's model; they come first. */
const REQUIRED_COUNT_AT = 6;
const INPUT_AT = 4;

/**
 * What AWS would have against a request: members that are missing, unknown, of another type or out of bounds. The
 * members are those of the model that the SDK comes with; the bounds are ours, because it comes without.
 */
export function requestProblems(command: ModelledCommand): string[] {
  const { clientCommand } = command as DocumentCommand;
  const { schema } = clientCommand ?? command;
  if (!Array.isArray(schema)) return ["a command without a model"];
  const service = String(schema[1]).replace("com.amazonaws.", "");
  const walk = { service, isDocument: clientCommand !== undefined, problems: [] };
  walkInto(NormalizedSchema.of(schema[INPUT_AT]), command.input, String(schema[2]), walk);
  return walk.problems;
}

interface Walk {
  readonly service: string;
  readonly isDocument: boolean;
  readonly problems: string[];
}

function walkInto(schema: Schema, value: unknown, path: string, walk: Walk): void {
  if (schema.isUnionSchema() && walk.isDocument) return;
  if (!isOfType(schema, value)) {
    walk.problems.push(`${path}: ${typeof value} is another type`);
    return;
  }
  if (schema.isStructSchema() || schema.isUnionSchema()) walkMembers(schema, value as object, path, walk);
  else if (schema.isListSchema())
    (value as unknown[]).forEach((one, index) => {
      walkInto(schema.getValueSchema(), one, `${path}[${index}]`, walk);
    });
  else if (schema.isMapSchema())
    for (const [key, one] of Object.entries(value as object))
      walkInto(schema.getValueSchema(), one, `${path}.${key}`, walk);
}

function walkMembers(schema: Schema, value: object, path: string, walk: Walk): void {
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = new Map(schema.structIterator());
  const requiredCount = Number((schema.getSchema() as readonly unknown[])[REQUIRED_COUNT_AT] ?? 0);
  const names = new Set(given.map(([name]) => name));
  for (const name of [...members.keys()].slice(0, requiredCount))
    if (!names.has(name)) walk.problems.push(`${path}.${name}: missing`);
  for (const [name, member] of given) {
    const memberSchema = members.get(name);
    if (memberSchema === undefined) walk.problems.push(`${path}.${name}: unknown`);
    else {
      if (!schema.isUnionSchema()) checkBounds(schema.getName() ?? "", name, member, `${path}.${name}`, walk);
      walkInto(memberSchema, member, `${path}.${name}`, walk);
    }
  }
}

function checkBounds(structure: string, name: string, value: unknown, path: string, walk: Walk): void {
  const shape = structure.replace(/^.*#/, "");
  const bounds = BOUNDS[walk.service]?.[shape]?.[name];
  if (bounds === undefined)
    walk.problems.push(`${path}: look up the bounds of ${walk.service}'s ${shape}.${name}`);
  else if (!isWithin(bounds, value)) walk.problems.push(`${path}: ${JSON.stringify(value)} is out of bounds`);
}

function isWithin(
  { min = Number.NEGATIVE_INFINITY, max = Infinity, pattern, values }: Bounds,
  value: unknown,
): boolean {
  const size = sizeOf(value);
  if (size < min || size > max) return false;
  if (pattern !== undefined && !pattern.test(String(value))) return false;
  return values === undefined || values.includes(String(value));
}

function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function isOfType(schema: Schema, value: unknown): boolean {
  if (schema.isStringSchema()) return typeof value === "string";
  if (schema.isNumericSchema()) return typeof value === "number" && Number.isFinite(value);
  if (schema.isBooleanSchema()) return typeof value === "boolean";
  if (schema.isTimestampSchema()) return value instanceof Date;
  if (schema.isListSchema()) return Array.isArray(value);
  if (schema.isStructSchema() || schema.isUnionSchema() || schema.isMapSchema())
    return typeof value === "object" && value !== null && !Array.isArray(value);
  return true;
}
