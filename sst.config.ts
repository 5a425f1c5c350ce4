/// <reference path="./.sst/platform/config.d.ts" />

// One stage is one provider in one environment, or what its providers share. All parts in AWS are in stacks/, one concern a
// file.
export default $config({
  async app({ stage }) {
    const { readStage, refuseElsewhere, telling } = await import("./stacks/stage.ts");
    const read = await telling(async () => {
      const known = await readStage(stage);
      if (known.pinned !== undefined) await refuseElsewhere(stage, known.pinned);
      return known;
    });
    const { environment, settings, pinned } = read;
    return {
      name: "sluice",
      home: "aws",
      removal: settings.retention.isKept ? "retain" : "remove",
      protect: settings.retention.isKept,
      providers: {
        aws: {
          version: "7.20.0",
          ...(pinned && { region: pinned.region as aws.Region, allowedAccountIds: [pinned.accountId] }),
          defaultTags: {
            tags: {
              ...settings.tags,
              app: "sluice",
              ...(read.kind === "provider" && { provider: read.providerId }),
              environment,
            },
          },
        },
      },
    };
  },
  async run() {
    const { pins, stage } = await import("./stacks/place.ts");
    if (stage.kind === "fleet") {
      const { viewerPolicy, operatorPolicy } = await import("./stacks/people-policies.ts");
      const { eventBus } = await import("./stacks/event-bus.ts");
      const { dashboard } = await import("./stacks/fleet-dashboard.ts");
      return {
        environment: pins,
        viewerPolicy: viewerPolicy.arn,
        operatorPolicy: operatorPolicy.arn,
        dashboard: dashboard.dashboardName,
        ...(eventBus && { eventBus: eventBus.arn }),
      };
    }
    await import("./stacks/boundary.ts");
    const { LANES } = await import("@sluice/core/provider");
    const { table } = await import("./stacks/table.ts");
    const { queues, deadLetterQueue } = await import("./stacks/queues.ts");
    await import("./stacks/worker.ts");
    await import("./stacks/ventilator.ts");
    await import("./stacks/waker.ts");
    const { schedulerPolicy } = await import("./stacks/scheduler-policy.ts");
    const { alarmTopicArn } = await import("./stacks/alarms.ts");
    await import("./stacks/queue-alarms.ts");
    await import("./stacks/dashboard.ts");
    await import("./stacks/attended.ts");
    return {
      environment: pins,
      table: table.name,
      ...Object.fromEntries(LANES.map((lane) => [`${lane}Queue`, queues[lane].url])),
      deadLetterQueue: deadLetterQueue.url,
      schedulerPolicy: schedulerPolicy.arn,
      alarmTopic: alarmTopicArn,
    };
  },
});
