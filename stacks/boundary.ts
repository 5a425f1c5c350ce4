import { stage } from "./place.ts";

const { permissionsBoundaryArn } = stage.settings;

// Imported before anything that makes a role: only what comes later is bounded.
if (permissionsBoundaryArn !== undefined) {
  $transform(aws.iam.Role, (args) => {
    args.permissionsBoundary = permissionsBoundaryArn;
  });
}
