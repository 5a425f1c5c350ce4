import type { OperatorAccess } from "@sluice/aws/operator-access";

/** A provider that a command has reached. */
export interface Connection extends OperatorAccess {
  readonly place: Place;
  /** Names whoever gives orders: by his credentials on AWS, by his login on this machine. @throws SluiceError */
  nameOperator(): Promise<string>;
}

/** The place where a provider is deployed. */
export interface Place {
  readonly kind: "aws" | "local";
  readonly environment: string;
  /** False if nobody has named it, so that it may be another than the operator has in mind. */
  readonly isNamed: boolean;
}

/** The provider that a command line names, as far as it does. */
export interface ProviderChoice {
  readonly provider?: string;
  readonly environment?: string;
}

/** The place in a few words, for people. */
export function placeText({ kind, environment }: Place): string {
  return kind === "local" ? `${environment}, on this machine` : `${environment}, on AWS`;
}
