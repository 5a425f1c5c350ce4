import { settings } from "./deployment.ts";

const { permissionsBoundaryArn } = settings;

// Imported before anything that makes a role: only what comes later is bounded.
if (permissionsBoundaryArn !== undefined) {
  $transform(aws.iam.Role, (args) => {
    args.permissionsBoundary = permissionsBoundaryArn;
  });
}
