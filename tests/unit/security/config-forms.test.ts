import { expect, test } from "vitest";
import { clientOptions } from "../../../src/codex-sdk/client-options.ts";
import type { CodexOptions } from "../../../src/codex-sdk/options.ts";
import { privateConfig } from "../../../src/process/private-config.ts";
import { maskSecrets } from "../../../src/text/secrets.ts";

/** Made up, in the forms that their issuers document; put together so that no scanner takes them for real. */
const FORMS = {
  AWS: `AKIA${"Q7".repeat(8)}`,
  GitHub: `ghp_${"a1B2".repeat(9)}`,
  GitLab: `glpat-${"a1B2-".repeat(4)}`,
  npm: `npm_${"a1B2".repeat(9)}`,
  PyPI: `pypi-${"a1B2".repeat(9)}`,
  "Hugging Face": `hf_${"a1B2".repeat(9)}`,
  DigitalOcean: `dop_v1_${"a1b2".repeat(10)}`,
  Stripe: `sk_live_${"a1B2".repeat(6)}`,
  "Stripe webhooks": `whsec_${"a1B2".repeat(6)}`,
  Slack: `xoxb-${"1234567890-".repeat(2)}abc`,
  "Slack apps": `xapp-${"1-A2B3".repeat(5)}`,
  Google: `AIza${"Sy-B1".repeat(7)}`,
  "Google clients": `GOCSPX-${"a1B2".repeat(6)}`,
  SendGrid: `SG.${"a1B2".repeat(5)}.${"a1B2".repeat(5)}`,
  OpenAI: `sk-proj-${"a1B2".repeat(6)}`,
  Telegram: `123456789:AA${"a1B2".repeat(8)}`,
  age: `AGE-SECRET-KEY-1${"Q7".repeat(12)}`,
  JWT: `eyJhbGciOiJI.${"eyJzdWIi".repeat(2)}.${"SflKxw".repeat(3)}`,
};

test.each(Object.entries(FORMS))(
  "a credential of %s is masked, and kept off command lines",
  (_issuer, secret) => {
    expect(maskSecrets(secret)).toBe("***");
    expect(() => privateConfig({ custom: { harmless: secret } }, {})).toThrow("is a secret");
    expect(() => privateConfig({ custom: { list: ["a", secret] } }, {})).toThrow("is a secret");
  },
);

test.each(["sk-learn-model-of-mine", "gpt-5.5", "eyJ", "npm_config_registry", "SG.small.thing"])(
  "%s is none",
  (text) => {
    expect(privateConfig({ custom: { harmless: text } }, {}).env).toEqual({});
  },
);

const { GitHub } = FORMS;

test.each<[string, Parameters<typeof privateConfig>[0]]>([
  ["the name of a variable", { model_providers: { p: { env_key: GitHub } } }],
  ["the variable of a token", { mcp_servers: { s: { bearer_token_env_var: GitHub } } }],
  ["the variable of a header", { mcp_servers: { s: { env_http_headers: { A: GitHub } } } }],
  ["the list of variables", { mcp_servers: { s: { command: "c", env_vars: [`A=${GitHub}`] } } }],
  ["a variable with a value", { mcp_servers: { s: { env_vars: [{ name: "A", value: GitHub }] } } }],
  ["a script", { notify: ["sh", "-c", `curl -H "Authorization: Bearer ${GitHub}" host`] }],
  ["a command line", { mcp_servers: { s: { command: `run --with ${GitHub}` } } }],
  ["the path of a URL", { mcp_servers: { s: { url: `https://host/${GitHub}/mcp` } } }],
  ["the query of a URL", { mcp_servers: { s: { url: "https://host/mcp?key=correct-horse" } } }],
  ["a URL in a text", { developer_instructions: "Push to https://me:correct-horse@host/" }],
  ["the name of a member", { projects: { [`https://${GitHub}@host/`]: {} } }],
])("a secret in the place of %s is refused, and not quoted", (_where, config) => {
  expect(() => privateConfig(config, {})).toThrow("is a secret");
  expect(() => privateConfig(config, {})).not.toThrow(/a1B2|correct-horse/);
});

test("a variable of an MCP server with a secret somewhere in it is passed by the environment", () => {
  const value = `--token ${GitHub}`;
  const { env } = privateConfig({ mcp_servers: { s: { command: "c", env: { OPTS: value } } } }, {});
  expect(env).toEqual({ OPTS: value });
});

test.each([
  'curl -H "Authorization: Bearer $TOKEN" https://$USER:$PASSWORD@host',
  "https://host/?session=",
  "git@host:sk-learn-model-of-mine",
])("%s has none", (text) => {
  expect(privateConfig({ custom: { harmless: text, list: ["sh", "-c", text] } }, {}).env).toEqual(
    {},
  );
});

test.each<[string, CodexOptions]>([
  ["a base URL with a password", { baseUrl: "https://me:correct-horse@host/v1" }],
  ["a base URL with a key", { baseUrl: "https://host/v1?api_key=correct-horse" }],
  [
    "a table with an unusual name",
    { config: { mcp_servers: { "of mine": { command: "c", env: { API_KEY: "correct-horse" } } } } },
  ],
  [
    "a dotted path with one",
    { config: { "model_providers.a b.experimental_bearer_token": GitHub } },
  ],
])("the drop-in refuses a secret in %s, and doesn't quote it", (_where, options) => {
  expect(() => clientOptions(options)).toThrow("is a secret");
  expect(() => clientOptions(options)).not.toThrow(/a1B2|correct-horse/);
});
