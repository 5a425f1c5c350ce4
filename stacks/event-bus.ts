import { DEFAULT_BUS } from "@sluice/core/deployment";
import { stage } from "./place.ts";

const { bus, retention } = stage.settings;

/** The bus that is told of all runs of the environment, where its file names one; others' rules may be on it. */
export const eventBus =
  bus === DEFAULT_BUS
    ? undefined
    : new aws.cloudwatch.EventBus("EventBus", { name: bus }, { retainOnDelete: retention.isKept });
