import type { ConfigTable } from "../process/toml.ts";

/**
 * The configuration for a server that uses only the model at `url`, without retries. It disables
 * plugins, which would use the network at every start, and login shells, which would read the
 * user's profile for each command and each thread's snapshot.
 */
export function scriptedConfig(url: string): ConfigTable {
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
    allow_login_shell: false,
    features: { plugins: false, shell_snapshot: false },
  };
}
