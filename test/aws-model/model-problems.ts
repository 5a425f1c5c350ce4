import { readFile } from "node:fs/promises";
import type { ServiceModel, Shape } from "./service-model.ts";

/** A call of AWS, under the names that its own model has. */
export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const MODELS: Readonly<Record<string, ServiceModel>> = JSON.parse(
  await readFile(new URL("service-models.json", import.meta.url), "utf8"),
);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  long: Number.isInteger,
  float: Number.isFinite,
  double: Number.isFinite,
  // As JSON has them: bytes in base64, and seconds since 1970.
  blob: (value) => typeof value === "string",
  timestamp: Number.isFinite,
  boolean: (value) => typeof value === "boolean",
  list: Array.isArray,
  structure: isObject,
  map: isObject,
};

/** What AWS's model of a service has against a request: members that are missing, unknown, of another type or out of bounds. */
export function modelProblems({ service, operation, input }: AwsRequest): string[] {
  const model = MODELS[service];
  const name = model?.inputs[operation];
  if (model === undefined || name === undefined) return [`${service} ${operation} is not in the models`];
  return problemsOf(model, name, input, operation);
}

function problemsOf(model: ServiceModel, name: string, value: unknown, path: string): string[] {
  const shape = model.shapes[name] ?? { type: "none" };
  if (TYPES[shape.type]?.(value) !== true) return [`${path}: ${JSON.stringify(value)} is no ${shape.type}`];
  return [...boundsProblems(shape, value, path), ...partsProblems(model, shape, value, path)];
}

function boundsProblems({ min, max, pattern, enum: values }: Shape, value: unknown, path: string): string[] {
  const size = sizeOf(value);
  const shown = JSON.stringify(value);
  return [
    ...(min !== undefined && size < min ? [`${path}: ${shown} is below ${min}`] : []),
    ...(max !== undefined && size > max ? [`${path}: ${shown} is above ${max}`] : []),
    ...(pattern !== undefined && !whole(pattern).test(String(value))
      ? [`${path}: ${shown} does not match ${pattern}`]
      : []),
    ...(values !== undefined && !values.includes(String(value))
      ? [`${path}: ${shown} is none of ${values.join(", ")}`]
      : []),
  ];
}

function partsProblems(model: ServiceModel, shape: Shape, value: unknown, path: string): string[] {
  if (shape.type === "structure") return memberProblems(model, shape, value as object, path);
  if (shape.type === "list") {
    return (value as unknown[]).flatMap((one, index) =>
      problemsOf(model, shape.member ?? "", one, `${path}[${index}]`),
    );
  }
  if (shape.type !== "map") return [];
  return Object.entries(value as object).flatMap(([key, one]) => [
    ...problemsOf(model, shape.key ?? "", key, `the key ${key} in ${path}`),
    ...problemsOf(model, shape.value ?? "", one, `${path}.${key}`),
  ]);
}

function memberProblems(model: ServiceModel, shape: Shape, value: object, path: string): string[] {
  const { members = {}, required = [] } = shape;
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const names = given.map(([name]) => name);
  return [
    ...required.filter((name) => !names.includes(name)).map((name) => `${path}.${name}: missing`),
    ...given.flatMap(([name, member]) => {
      const memberShape = members[name];
      if (memberShape === undefined) return [`${path}.${name}: unknown`];
      return problemsOf(model, memberShape, member, `${path}.${name}`);
    }),
  ];
}

/** A pattern of a model, which means the whole text. */
function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "u");
}

function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
