/** The settings that a run turns. */
export interface TurnedSettings {
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
}

/** A mapping as the control plane describes it. */
export interface MappingReading {
  /** In AWS's words, such as `Enabled` or `Updating`. */
  readonly state: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number | undefined;
}

/** A mapping that is to be made; its function answers which messages failed. */
export interface MappingSpec extends TurnedSettings {
  readonly functionName: string;
  readonly queueArn: string;
}

/** The control plane of event source mappings. Every call throws CallFailed. */
export interface MappingCalls {
  /** @returns the mapping's UUID */
  create(spec: MappingSpec): Promise<string>;
  read(uuid: string): Promise<MappingReading>;
  update(uuid: string, change: Partial<TurnedSettings>): Promise<MappingReading>;
}
