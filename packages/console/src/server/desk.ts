import type { OperatorAccess } from "@sluice/aws/operator-access";

/** A provider as the page's operator reaches it. */
export interface Desk {
  readonly access: OperatorAccess;
  readonly environment: string;
  /** It is on this machine, and no real provider is called. */
  readonly isLocal: boolean;
  /** Names the operator, for the orders that he gives. @throws SluiceError */
  nameOperator(): Promise<string>;
}

/** The trouble that a simulated provider makes, as shares of its calls in percent. */
export interface Trouble {
  readonly slowPercentage: number;
  readonly errorPercentage: number;
  /** Calls that are told to come later, as by a 429 with Retry-After; none if left out. */
  readonly throttledPercentage?: number;
  /** Calls that are never answered; none if left out. */
  readonly hangingPercentage?: number;
}

/** The dial of a simulated provider's trouble. */
export interface TroubleDial {
  current(): Trouble;
  turn(trouble: Trouble): void;
}
