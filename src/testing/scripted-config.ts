import type { Config } from "./toml.ts";

/**
 * The configuration that makes a server take its replies from the model at `url`, without retries,
 * and reach for nothing else: its plugins would ask the network at every start, and a shell
 * snapshot would run a login shell for every thread.
 */
export function scriptedConfig(url: string): Config {
  return {
    model: "gpt-5.5",
    model_provider: "scripted",
    model_providers: {
      scripted: {
        name: "scripted",
        base_url: url,
        wire_api: "responses",
        request_max_retries: 0,
        stream_max_retries: 0,
      },
    },
    analytics: { enabled: false },
    features: { plugins: false, shell_snapshot: false },
  };
}
