import type { CreateRoleRequest, IAMClient } from "@aws-sdk/client-iam";
import { answerLocally, refusal } from "./answer-locally.ts";

interface Named {
  readonly RoleName: string;
}

/** Has a client play IAM, as far as roles go: they are kept, and nothing is ever denied by them. */
export function answerAsIam(client: IAMClient, roles: Map<string, Readonly<Record<string, string>>>): void {
  answerLocally(client, {
    CreateRole({ RoleName = "", Tags = [] }: CreateRoleRequest) {
      roles.set(RoleName, Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])));
      return { Role: { Arn: `arn:aws:iam::000000000000:role/sluice-verify/${RoleName}` } };
    },
    PutRolePolicy: () => ({}),
    ListRoles: () => ({ Roles: [...roles.keys()].map((RoleName) => ({ RoleName })) }),
    ListRoleTags: ({ RoleName }: Named) => ({
      Tags: Object.entries(roles.get(RoleName) ?? {}).map(([Key, Value]) => ({ Key, Value })),
    }),
    DeleteRolePolicy: ({ RoleName }: Named) => known(roles, RoleName),
    DeleteRole({ RoleName }: Named) {
      known(roles, RoleName);
      roles.delete(RoleName);
      return {};
    },
  });
}

function known(roles: ReadonlyMap<string, unknown>, name: string): object {
  if (roles.has(name)) return {};
  throw refusal("NoSuchEntityException", `The role with name ${name} cannot be found.`);
}
