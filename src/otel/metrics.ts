import type { Attributes, Histogram, Meter, MeterProvider } from "@opentelemetry/api";
import type { TokenUsage } from "../timeline/views.ts";
import { version } from "../version.ts";
import { TOKEN_TYPE } from "./attributes.ts";

const SECONDS = [
  ...[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28],
  ...[2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
];
const TOKENS = [
  ...[1, 4, 16, 64, 256, 1024, 4096, 16384, 65536],
  ...[262144, 1048576, 4194304, 16777216, 67108864],
];

/** This package's meter, and its histograms of seconds. */
export function instruments(provider: MeterProvider): {
  meter: Meter;
  seconds: (name: string, description: string) => Histogram;
} {
  const meter = provider.getMeter("codex-app-server", version);
  const advice = { explicitBucketBoundaries: SECONDS };
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, { description, unit: "s", advice });
  return { meter, seconds };
}

/** How many values an attribute of a metric can have, and how long they can be. */
const MOST_VALUES = 200;
const LONGEST_VALUE = 200;
/** What the semantic conventions call any other value. */
const OTHER = "_OTHER";

/**
 * Bounds the values of attributes. Each combination of values is a series that is kept as long as the
 * program runs, and others choose the names of tools, models and errors.
 */
class BoundedValues {
  readonly #known = new Map<string, Set<unknown>>();

  of(attributes: Attributes): Attributes {
    const entries = Object.entries(attributes).map(([name, value]) => {
      return [name, typeof value === "string" ? this.#bounded(name, value) : value] as const;
    });
    return Object.fromEntries(entries);
  }

  #bounded(name: string, value: string): string {
    const known = this.#known.get(name) ?? new Set();
    this.#known.set(name, known);
    if (known.has(value)) return value;
    if (known.size >= MOST_VALUES || value.length > LONGEST_VALUE) return OTHER;
    known.add(value);
    return value;
  }
}

/** The metrics of the semantic conventions. */
export class Metrics {
  readonly #values = new BoundedValues();
  readonly #tokens: Histogram;
  readonly #turns: Histogram;
  readonly #tools: Histogram;

  constructor(provider: MeterProvider) {
    const { meter, seconds } = instruments(provider);
    this.#tokens = meter.createHistogram("gen_ai.client.token.usage", {
      description: "Number of input and output tokens used.",
      unit: "{token}",
      advice: { explicitBucketBoundaries: TOKENS },
    });
    this.#turns = seconds("gen_ai.invoke_agent.duration", "Duration of an agent's invocation.");
    this.#tools = seconds("gen_ai.execute_tool.duration", "Duration of a tool's execution.");
  }

  turn(durationMs: number, about: Attributes, usage: TokenUsage | undefined): void {
    const attributes = this.#values.of(about);
    this.#turns.record(durationMs / 1000, attributes);
    if (!usage) return;
    this.#tokens.record(usage.inputTokens, { ...attributes, [TOKEN_TYPE]: "input" });
    this.#tokens.record(usage.outputTokens, { ...attributes, [TOKEN_TYPE]: "output" });
  }

  tool(durationMs: number, attributes: Attributes): void {
    this.#tools.record(durationMs / 1000, this.#values.of(attributes));
  }
}
