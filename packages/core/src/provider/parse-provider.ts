import type * as z from "zod";
import { SluiceError } from "../errors.ts";
import { explain } from "../parsing/explain.ts";
import { withDefaults } from "./defaults.ts";
import type { Provider } from "./provider.ts";
import { checkRelations } from "./relations.ts";
import { providerInputSchema, providerSchema } from "./schema.ts";
import { checkWindows } from "./windows/check-windows.ts";

/**
 * Error of a provider definition that can't be used; the message lists each option with its legal range and
 * the value received.
 */
export class ProviderInvalid extends SluiceError {
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(
      "provider-invalid",
      `Provider definition ${source} is invalid:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

/**
 * Parses a provider definition and fills in its defaults.
 * @param source origin of the definition, for the error's text
 * @throws ProviderInvalid
 */
export function parseProvider(value: unknown, source: string): Provider {
  const input = parsed(providerInputSchema, value, source);
  const provider = parsed(providerSchema, withDefaults(input), source);
  return consistent(provider, [...checkRelations(provider), ...checkWindows(provider)], source);
}

/**
 * Parses a complete provider, as a deployment hands it to its functions: nothing is filled in, which takes
 * half the time. Its windows may leave less time than a data file's, as calls that are debugged may last longer.
 * @param source origin of the provider, for the error's text
 * @throws ProviderInvalid
 */
export function parseDeployedProvider(value: unknown, source: string): Provider {
  const provider = parsed(providerSchema, value, source);
  return consistent(provider, checkRelations(provider), source);
}

function consistent(provider: Provider, problems: readonly string[], source: string): Provider {
  if (problems.length > 0) throw new ProviderInvalid(source, problems);
  return provider;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, source: string): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw new ProviderInvalid(source, result.error.issues.map(explain));
  return result.data;
}
