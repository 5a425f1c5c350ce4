import type { Resource, StageRun } from "./graph.ts";

/** A statement of a policy, as the program wrote it. */
export interface Statement {
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: readonly Condition[];
}

/** A condition of a statement. `test` is IAM's operator, with its quantifier, such as `ForAllValues:StringLike`. */
export interface Condition {
  readonly test?: string;
  readonly variable: string;
  readonly values: readonly string[];
}

/** The values of condition keys that a call has. */
export type CallContext = Readonly<Record<string, string | readonly string[]>>;

/** All resources of an AWS type, such as `sqs/queue`. */
export function allOf(run: StageRun, type: string): readonly Resource[] {
  return run.resources.filter((resource) => resource.type.startsWith(`aws:${type}:`));
}

/** The one resource of that name. */
export function named(run: StageRun, type: string, name: string): Resource {
  const found = allOf(run, type).filter((resource) => resource.name === name);
  if (found[0] === undefined) throw new Error(`There is no ${type} ${name}`);
  return found[0];
}

/** What the role of a function, or any other of that name, may do. */
export function statementsOf(run: StageRun, roleName: string): readonly Statement[] {
  const { inlinePolicies } = named(run, "iam/role", roleName).inputs as {
    inlinePolicies: readonly { readonly policy: string }[];
  };
  return inlinePolicies.flatMap(({ policy }) => JSON.parse(policy).Statement);
}

/**
 * Whether IAM would allow a call, with the values that the condition keys have in it: some statement allows it, and none
 * denies it.
 */
export function isAllowed(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: CallContext = {},
): boolean {
  const about = statements.filter(
    ({ actions, resources, conditions = [] }) =>
      actions.some((pattern) => matches(pattern, action)) &&
      resources.some((pattern) => matches(pattern, resource)) &&
      conditions.every((condition) => holds(condition, context)),
  );
  const isDenial = ({ effect = "Allow" }: Statement) => effect.toLowerCase() === "deny";
  return about.some((statement) => !isDenial(statement)) && !about.some(isDenial);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, (value: string, patterns: readonly string[]) => boolean>> = {
  StringEquals: (value, values) => values.includes(value),
  StringLike: isLike,
  StringNotLike: (value, patterns) => !isLike(value, patterns),
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: (value, values) => values.includes(value),
};

function holds({ test = "StringEquals", variable, values }: Condition, context: CallContext): boolean {
  const [name = "", quantifier] = test.split(":").toReversed();
  const fits = OPERATORS[name];
  if (fits === undefined) throw new Error(`No operator ${test} is known`);
  const given = [context[variable] ?? []].flat();
  // Without a value it holds, so that it bounds nothing where a call has no such key.
  if (quantifier === "ForAllValues") return given.every((value) => fits(value, values));
  if (quantifier !== undefined) throw new Error(`No quantifier ${quantifier} is known`);
  return given.length > 0 && given.every((value) => fits(value, values));
}

function isLike(value: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(pattern, value));
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "s").test(text);
}
