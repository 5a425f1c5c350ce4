/** The AWS account and region that the embedded services stand for. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of a function. */
export function functionArnOf(account: Account, functionName: string): string {
  return `arn:aws:lambda:${account.region}:${account.accountId}:function:${functionName}`;
}

/** The ARN of an event source mapping. */
export function mappingArnOf(account: Account, uuid: string): string {
  return `arn:aws:lambda:${account.region}:${account.accountId}:event-source-mapping:${uuid}`;
}

/** The bare name of a function from its name or its full or partial ARN, with or without a qualifier. */
export function functionNameOf(nameOrArn: string): string {
  const parts = nameOrArn.split(":");
  const marker = parts.indexOf("function");
  return parts[marker + 1] ?? nameOrArn;
}
