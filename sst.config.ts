/// <reference path="./.sst/platform/config.d.ts" />

// One stage is one provider in one environment. All its parts in AWS are in stacks/, one concern a file.
export default $config({
  async app({ stage }) {
    const { readStage, refuseElsewhere, telling } = await import("./stacks/stage.ts");
    const { providerId, environment, settings, pinned } = await telling(async () => {
      const read = await readStage(stage);
      if (read.pinned !== undefined) await refuseElsewhere(stage, read.pinned);
      return read;
    });
    return {
      name: "sluice",
      home: "aws",
      removal: settings.retention.isKept ? "retain" : "remove",
      protect: settings.retention.isKept,
      providers: {
        aws: {
          version: "7.20.0",
          ...(pinned && { region: pinned.region as aws.Region, allowedAccountIds: [pinned.accountId] }),
          defaultTags: { tags: { ...settings.tags, app: "sluice", provider: providerId, environment } },
        },
      },
    };
  },
  async run() {
    const { pins } = await import("./stacks/deployment.ts");
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
    const { dashboard } = await import("./stacks/dashboard.ts");
    await import("./stacks/attended.ts");
    return {
      environment: pins,
      table: table.name,
      ...Object.fromEntries(LANES.map((lane) => [`${lane}Queue`, queues[lane].url])),
      deadLetterQueue: deadLetterQueue.url,
      schedulerPolicy: schedulerPolicy.arn,
      alarmTopic: alarmTopicArn,
      dashboard: dashboard.dashboardName,
    };
  },
});
