interface Written {
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly conditions?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

/** A policy as AWS gets it; the mocks hand on what the program wrote. */
export function policyDocumentOf(policy: unknown): string {
  const statements: readonly Written[] = JSON.parse(String(policy)).Statement;
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map(statementOf) });
}

function statementOf({ effect = "Allow", actions, resources, principals, conditions }: Written) {
  return {
    Effect: capital(effect),
    Action: actions,
    Resource: resources,
    ...(principals && { Principal: Object.fromEntries(principals.map((p) => [p.type, p.identifiers])) }),
    ...(conditions && { Condition: conditionsOf(conditions) }),
  };
}

function conditionsOf(conditions: NonNullable<Written["conditions"]>) {
  const byTest = Map.groupBy(conditions, ({ test }) => test);
  return Object.fromEntries(
    [...byTest].map(([test, all]) => [
      test,
      Object.fromEntries(all.map(({ variable, values }) => [variable, values])),
    ]),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
