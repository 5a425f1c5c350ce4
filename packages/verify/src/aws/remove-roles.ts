import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  type IAMClient,
  ListRolesCommand,
  type ListRolesCommandOutput,
  ListRoleTagsCommand,
} from "@aws-sdk/client-iam";
import { calling } from "../call-failed.ts";
import { unlessGone } from "../try-until.ts";
import { ROLE_PATH, ROLE_POLICY } from "./functions.ts";
import { isTagged } from "./tagged.ts";

const GONE = ["NoSuchEntity", "NoSuchEntityException"];

/** The names of roles that runs have made. */
export async function findRoles(client: IAMClient, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page: ListRolesCommandOutput = await calling(
      "iam:ListRoles",
      client.send(
        new ListRolesCommand({ PathPrefix: ROLE_PATH, ...(next !== undefined && { Marker: next }) }),
      ),
    );
    const names = (page.Roles ?? []).map(({ RoleName = "" }) => RoleName);
    for (const name of names.filter((one) => one.startsWith(prefix)))
      if (await hasTag(client, name)) found.push(name);
    next = page.IsTruncated === true ? page.Marker : undefined;
  } while (next !== undefined);
  return found;
}

async function hasTag(client: IAMClient, name: string): Promise<boolean> {
  const call = client.send(new ListRoleTagsCommand({ RoleName: name }));
  const { Tags = [] } = (await calling("iam:ListRoleTags", unlessGone(call, GONE))) ?? {};
  return isTagged(name, Object.fromEntries(Tags.map(({ Key = "", Value }) => [Key, Value])));
}

/** Deletes a role with its policy. */
export async function removeRole(client: IAMClient, name: string): Promise<void> {
  const policy = client.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: ROLE_POLICY }));
  await calling("iam:DeleteRolePolicy", unlessGone(policy, GONE));
  const role = client.send(new DeleteRoleCommand({ RoleName: name }));
  await calling("iam:DeleteRole", unlessGone(role, GONE));
}
