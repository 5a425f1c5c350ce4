import { accountId } from "./deployment.ts";

/** The trust policy of a role that a service of AWS assumes for this account, and for no other's sake. */
export function trustIn(service: string): string {
  const condition = { StringEquals: { "aws:SourceAccount": accountId } };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service }, Condition: condition },
    ],
  });
}
