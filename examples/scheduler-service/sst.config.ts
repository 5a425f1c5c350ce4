/// <reference path="../../.sst/platform/config.d.ts" />

// Another team's app: it shares the account and the region with Sluice's, and knows the names of its queues. Outside
// this repository the reference above is ./.sst/platform/config.d.ts.
export default $config({
  app() {
    return { name: "scheduler-service", home: "aws", providers: { aws: { version: "7.20.0" } } };
  },
  async run() {
    const { nightly } = await import("./infra/nightly.ts");
    const { onDemand } = await import("./infra/on-demand.ts");
    return { nightly: nightly.nodes.function.name, onDemand: onDemand.name };
  },
});
