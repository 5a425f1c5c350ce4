import type { Resource, StageRun } from "./graph.ts";

/** A statement of a policy, as the program wrote it. */
export interface Statement {
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: readonly { readonly variable: string; readonly values: readonly string[] }[];
}

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

/** Whether IAM would allow a call, with the values that the condition keys have in it. */
export function isAllowed(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Readonly<Record<string, string>> = {},
): boolean {
  return statements.some(
    ({ effect = "Allow", actions, resources, conditions = [] }) =>
      effect === "Allow" &&
      actions.some((pattern) => matches(pattern, action)) &&
      resources.some((pattern) => matches(pattern, resource)) &&
      conditions.every(({ variable, values }) => values.includes(context[variable] ?? "")),
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(text);
}
