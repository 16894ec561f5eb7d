import { describe, expect, test } from "vitest";
import { type ConfigTable, configArgs } from "../../../src/process/config-args.ts";
import { privateConfig } from "../../../src/process/private-config.ts";

const SECRET = "hunter2-hunter2";

/** The command line and the environment for a config. */
function split(config: ConfigTable, inherited: NodeJS.ProcessEnv = {}) {
  const { config: shown, env } = privateConfig(config, inherited);
  const args = configArgs(shown).filter((arg) => arg !== "--config");
  return {
    args: args.filter((arg) => !arg.startsWith("shell_environment_policy")).sort(),
    env,
    shown,
  };
}

const provider = (settings: ConfigTable) => ({ model_providers: { p: settings } });
const mcp = (settings: ConfigTable) => ({ mcp_servers: { m: settings } });

describe("a secret goes into the environment", () => {
  test.each<[string, ConfigTable, string[], Record<string, string>]>([
    [
      "the token of a provider",
      provider({ name: "n", experimental_bearer_token: SECRET }),
      ['model_providers.p.env_key="CODEX_CONFIG_SECRET_1"', 'model_providers.p.name="n"'],
      { CODEX_CONFIG_SECRET_1: SECRET },
    ],
    [
      "by a dotted path",
      { "model_providers.p.experimental_bearer_token": SECRET },
      ['model_providers.p.env_key="CODEX_CONFIG_SECRET_1"'],
      { CODEX_CONFIG_SECRET_1: SECRET },
    ],
    [
      "the headers of a provider",
      provider({ http_headers: { "x-a": SECRET, "": "" }, env_http_headers: { "x-b": "B" } }),
      [
        'model_providers.p.env_http_headers.x-a="CODEX_CONFIG_SECRET_1"',
        'model_providers.p.env_http_headers.x-b="B"',
        'model_providers.p.http_headers={"" = ""}',
      ],
      { CODEX_CONFIG_SECRET_1: SECRET },
    ],
    [
      "the token and the headers of an MCP server",
      mcp({ url: "https://x", bearer_token: SECRET, http_headers: { "x-y": "z" } }),
      [
        'mcp_servers.m.bearer_token_env_var="CODEX_CONFIG_SECRET_1"',
        'mcp_servers.m.env_http_headers.x-y="CODEX_CONFIG_SECRET_2"',
        'mcp_servers.m.url="https://x"',
      ],
      { CODEX_CONFIG_SECRET_1: SECRET, CODEX_CONFIG_SECRET_2: "z" },
    ],
    [
      "the variables of an MCP server",
      mcp({ command: "c", env: { API_TOKEN: SECRET, MODE: "fast" }, env_vars: ["HOME"] }),
      [
        'mcp_servers.m.command="c"',
        'mcp_servers.m.env.MODE="fast"',
        'mcp_servers.m.env_vars=["HOME", "API_TOKEN"]',
      ],
      { API_TOKEN: SECRET },
    ],
  ])("%s", (_what, config, args, env) => {
    expect(split(config)).toMatchObject({ args, env });
  });

  test("which the agent's commands can't see, regardless of their other settings", () => {
    const shell_environment_policy = { inherit: "all", set: { MINE: "1" } };
    const { shown } = split({
      ...provider({ experimental_bearer_token: SECRET }),
      shell_environment_policy,
    });
    expect(shown.shell_environment_policy).toEqual({
      inherit: "all",
      set: { MINE: "1", CODEX_CONFIG_SECRET_1: "" },
    });
  });

  test("except for the variable that the user has named, if it is set", () => {
    const named = provider({ env_key: "MINE", experimental_bearer_token: SECRET });
    expect(split(named)).toMatchObject({ args: ['model_providers.p.env_key="MINE"'], env: {} });
    const headers = { http_headers: { a: SECRET }, env_http_headers: { a: "MINE" } };
    expect(split(provider(headers), { MINE: "x" })).toMatchObject({
      args: ['model_providers.p.env_http_headers.a="MINE"'],
      env: {},
    });
    expect(split(provider(headers)).args).toEqual([
      'model_providers.p.env_http_headers.a="CODEX_CONFIG_SECRET_1"',
    ]);
  });

  test("a variable that already has this value is kept for the commands too", () => {
    const { shown, env } = split(mcp({ command: "c", env: { API_KEY: SECRET } }), {
      API_KEY: SECRET,
    });
    expect([env, shown.shell_environment_policy]).toEqual([{}, undefined]);
  });
});

describe("a secret that the server can't take from its environment is refused", () => {
  const two = { command: "c", env: { API_KEY: "one-of-two" } };
  test.each<[string, ConfigTable, NodeJS.ProcessEnv, string]>([
    [
      "a query parameter",
      provider({ query_params: { "api-key": SECRET } }),
      {},
      "model_providers.p.query_params.api-key is a secret",
    ],
    [
      "a header of telemetry",
      { otel: { exporter: { "otlp-http": { headers: { "x-otlp-api-key": SECRET } } } } },
      {},
      "otel.exporter.otlp-http.headers.x-otlp-api-key",
    ],
    [
      "any setting of such a name",
      { tools: { search: { clientSecret: SECRET } } },
      {},
      "tools.search.clientSecret",
    ],
    ["by a dotted path", { "tools.search.api_key": SECRET }, {}, "tools.search.api_key"],
    [
      "a variable of the commands",
      { shell_environment_policy: { set: { GITHUB_TOKEN: SECRET } } },
      {},
      "set the variable in the env option",
    ],
    [
      "the argument after an option of such a name",
      mcp({ command: "c", args: ["--token", SECRET] }),
      {},
      ".args is a secret",
    ],
    [
      "an argument with an option of such a name",
      mcp({ command: "c", args: ["x", `--password=${SECRET}`] }),
      {},
      ".args is a secret",
    ],
    [
      "a header among the arguments",
      { notify: ["curl", "-H", `Authorization: Bearer ${SECRET}`] },
      {},
      "notify is a secret",
    ],
    [
      "a parameter in the query of a URL",
      mcp({ url: `https://example.test/?api_key=${SECRET}` }),
      {},
      ".url is a secret",
    ],
    [
      "a URL with a password",
      provider({ base_url: `https://me:${SECRET}@example.test/v1` }),
      {},
      "model_providers.p.base_url",
    ],
    [
      "a key of a known form",
      { notify: ["tell", "sk-abcdefghijklmnopqrstuvwx"] },
      {},
      "config notify is a secret",
    ],
    ["in a table in a list", { hooks: [{ env: { PASSWORD: SECRET } }] }, {}, "hooks.env.PASSWORD"],
    [
      "a variable of which the server has another",
      mcp({ command: "c", env: { API_KEY: SECRET } }),
      { API_KEY: "x" },
      "name it in env_vars of the MCP server",
    ],
    [
      "one of which two MCP servers need two",
      { mcp_servers: { a: two, b: { ...two, env: { API_KEY: SECRET } } } },
      {},
      "mcp_servers.b.env.API_KEY",
    ],
    [
      "one of a server that config.toml defines",
      mcp({ env: { API_KEY: SECRET } }),
      {},
      "mcp_servers.m.env.API_KEY",
    ],
    ["one with a NUL", provider({ experimental_bearer_token: `${SECRET}\0` }), {}, "NUL character"],
  ])("%s", (_what, config, inherited, message) => {
    const run = () => privateConfig(config, inherited);
    expect(run).toThrow(TypeError);
    expect(run).toThrow(message);
    expect(run).not.toThrow(SECRET);
  });
});

describe("what isn't a secret is unchanged", () => {
  test.each<[ConfigTable]>([
    [{ model: "m", cli_auth_credentials_store: "ephemeral", mcp_oauth_credentials_store: "file" }],
    [{ model_auto_compact_token_limit: 5, tool_output_token_limit: 9, features: { secret: true } }],
    [provider({ env_key: "KEY", env_http_headers: { "x-api-key": "KEY" }, http_headers: {} })],
    [mcp({ url: "https://x", bearer_token_env_var: "TOKEN", env_vars: ["API_KEY"] })],
    [
      mcp({
        command: "c",
        args: ["--token-file", "/run/token", "--token", `\${TOKEN}`, "--key=a", "--secret", "-v"],
        env: { MODE: "x", EMPTY_KEY: "" },
      }),
    ],
    [{ otel: { exporter: { "otlp-http": { headers: { "x-api-key": `\${KEY}` } } } } }],
    [{ otel: { tls: { "client-private-key": "/etc/key.pem" } } }],
    [{ developer_instructions: "Never print a password, a token or Bearer anything." }],
    [{ shell_environment_policy: { set: { GITHUB_TOKEN: "" }, exclude: ["*TOKEN*"] } }],
    [{ "a.b": 1, a: { "x.y": 2 } }],
  ])("%j", (config) => {
    expect(privateConfig(config, {})).toEqual({ config, env: {} });
  });

  test("and values that can't be written are refused as usual", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => privateConfig({ a: cycle } as ConfigTable, {})).toThrow("contains itself");
    expect(() => privateConfig({ 'a."b"': 1 }, {})).toThrow("isn't a dotted path");
  });
});
