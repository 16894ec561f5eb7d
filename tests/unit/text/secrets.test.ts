import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretName } from "../../../src/text/secret-names.ts";
import { maskSecrets, quoteForeign } from "../../../src/text/secrets.ts";
import { expectVisible, hostileJson, hostileText } from "../../support/hostile.ts";

/** Made up, in the forms that their issuers document; put together so that no scanner takes them for real. */
const values = {
  "AWS key id": `AKIA${"Q".repeat(16)}`,
  "AWS temporary key id": `ASIA${"Q7".repeat(8)}`,
  "AWS secret": `wJalr/${"Xu7nFEMI+K".repeat(3)}bPxR`,
  GitHub: `ghp_${"a1B2".repeat(9)}`,
  "GitHub app": `gho_${"a1B2".repeat(9)}`,
  "GitHub fine-grained": `github_pat_${"a1B2".repeat(9)}`,
  Slack: `xoxb-${"1234567890-".repeat(2)}abc`,
  "Google API key": `AIza${"Sy-B_".repeat(7)}`,
  "Google token": `ya29.${"a0Af_-".repeat(5)}`,
  npm: `npm_${"a1B2".repeat(9)}`,
  Stripe: `sk_live_${"a1B2".repeat(6)}`,
  "Stripe restricted": `rk_live_${"a1B2".repeat(6)}`,
  OpenAI: `sk-proj-${"a1B2".repeat(6)}`,
  Anthropic: `sk-ant-api03-${"a1B2".repeat(6)}`,
  GitLab: `glpat-${"a1B2".repeat(5)}`,
  "GitLab deploy": `gldt-${"a1B2".repeat(5)}`,
  PyPI: `pypi-${"AgEI".repeat(5)}`,
  "Hugging Face": `hf_${"aBcD".repeat(8)}`,
  DigitalOcean: `dop_v1_${"0a1b".repeat(16)}`,
  Groq: `gsk_${"aBc4".repeat(13)}`,
  xAI: `xai-${"aBc4".repeat(20)}`,
  NVIDIA: `nvapi-${"aBc4-_dE".repeat(8)}`,
  Perplexity: `pplx-${"aBc4".repeat(12)}`,
  Replicate: `r8_${"aBc4".repeat(9)}`,
  Linear: `lin_api_${"aBc4".repeat(10)}`,
  Grafana: `glsa_${"aBc4".repeat(8)}_0a1b2c3d`,
  Figma: `figd_${"aBc-".repeat(8)}4_dE`,
  Notion: `ntn_${"1234".repeat(3)}${"aBcD".repeat(8)}`,
  Supabase: `sbp_${"0a1b".repeat(10)}`,
  Tailscale: `tskey-auth-${"aBc4".repeat(4)}-${"dEf5".repeat(8)}`,
  Vault: `hvs.${"aBc4-_dE".repeat(12)}`,
  Atlassian: `ATATT3xFf${"aBc4-_dE".repeat(20)}=0A1B2C3D`,
  Shopify: `shpat_${"0a1B".repeat(8)}`,
  Databricks: `dapi${"0a1b".repeat(8)}`,
  "Stripe webhook": `whsec_${"a1+/".repeat(8)}`,
  "Slack app": `xapp-${"1-A2B3".repeat(4)}`,
  "Slack webhook": `hooks.slack.com/services/${"T0B0/".repeat(4)}`,
  "Google client": `GOCSPX-${"a1B_".repeat(6)}`,
  SendGrid: `SG.${"a1-B".repeat(5)}.${"c2_D".repeat(10)}`,
  Telegram: `123456789:AA${"a1-B".repeat(8)}`,
  age: `AGE-SECRET-KEY-1${"QZ29".repeat(14)}`,
  JWT: `eyJhbGciOiJI.${"eyJzdWIi".repeat(2)}.${"SflKxw".repeat(3)}`,
  PEM: `-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----`,
} as const;

describe("values", () => {
  it.each(Object.entries(values))("%s", (_name, secret) => {
    const long = "a few words of prose\n".repeat(400);
    const texts = [secret, `say ${secret}, then`, `x="${secret}"`, `(${secret})`];
    for (const text of [...texts, `${long}${secret}\n${long}`]) {
      expect(maskSecrets(text)).toContain("***");
      expect(maskSecrets(text)).not.toContain(secret.slice(4, -1));
    }
    const message = { id: 1, params: { list: ["a", secret], text: `is ${secret}` } };
    const masked = maskSecrets(JSON.stringify(message));
    expect(masked).not.toContain(JSON.stringify(secret).slice(5, -2));
    expect(JSON.parse(masked).params.list[0]).toBe("a");
    const inJson = JSON.stringify({ output: JSON.stringify({ value: secret }) });
    expect(maskSecrets(inJson)).not.toContain(JSON.stringify(secret).slice(5, -2));
  });

  it.each([
    ["authorization: bearer abcdef.ghi", "authorization: ***"],
    ["sends BEARER abcdefgh", "sends BEARER ***"],
    ["sends basic dXNlcjpwYXNz", "sends basic ***"],
    ["https://user:pa55@host/path", "https://***@host/path"],
    ["ws://host/?token=abc&x=1&sig=ff", "ws://host/?token=***&x=1&sig=***"],
    ["https://s3/x?a=1&X-Amz-Signature=0a1b&b=2", "https://s3/x?a=1&X-Amz-Signature=***&b=2"],
    [`password${" ".repeat(12)}= "hunter2"`, `password${" ".repeat(12)}= "***"`],
    [`password\t=${" ".repeat(12)}hunter2 x`, `password\t=${" ".repeat(12)}*** x`],
    ["<password>hunter2</password><a>b</a>", "<password>***</password><a>b</a>"],
    ["if (tokens > 5) password > x", "if (tokens > 5) password > x"],
    ["https://host/cb?code=abc#x", "https://host/cb?code=***"],
    [
      "AWS_SECRET_ACCESS_KEY=abc DB_PASSWORD='a b' X=1",
      "AWS_SECRET_ACCESS_KEY=*** DB_PASSWORD='***' X=1",
    ],
    ["x-api-key: abc\npassphrase: def\nrest", "x-api-key: ***\npassphrase: ***\nrest"],
    ["DB_PASS=abc MYSQL_PWD=def KEY_PASSPHRASE=g", "DB_PASS=*** MYSQL_PWD=*** KEY_PASSPHRASE=***"],
    ["Cookie: a=b; c=d\nrest", "Cookie: ***\nrest"],
    ["run --password hunter2 --verbose", "run --password *** --verbose"],
    ["bash -lc 'login --password hunter2'", "bash -lc 'login --password ***'"],
    ['sh -c "login --token \\"a b\\""', 'sh -c "login --token ***"'],
    ["run --token $'a b' x", "run --token *** x"],
    ['run --token "a\\"b" x', "run --token *** x"],
    ['cut --token "a b', "cut --token ***"],
    ['{"x": 1, "password" => "a b"}', '{"x": 1, "password" => "***"}'],
    ['["password" => "a b"]', '["password" => "***"]'],
    ['{"password": hunter2, "x": 1}', '{"password": ***, "x": 1}'],
    [`curl -H "Authorization: Bearer x"`, `curl -H "Authorization: ***"`],
    [`cut {"password": "a\\"b`, `cut {"password": "***`],
    [`{\\"secret\\": \\"zz\\"} rest`, `{\\"secret\\": \\"***\\"} rest`],
    ["-----BEGIN PRIVATE KEY-----\ncut", "***"],
    ["[2026-01-01T00:00:00] uses sk-abcdefgh", "[2026-01-01T00:00:00] uses ***"],
    ['{"token":"abc"} and password=x', '{"token":"***"} and password=***'],
  ])("%s", (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    ["invalid websocket bearer token"],
    ["basic authentication is required"],
    ["invalid token: unexpected end of input"],
    ["20 tokens: 10 in, 5 out; tokenUsage: 5"],
    ["da39a3ee5e6b4b0d3255bfef95601890afd80709 /usr/local/lib/node_modules"],
    ["task-list risk-management disk-encryption"],
    ['{"id":7,"result":{"totalTokens":12,"tokenUsage":{"last":{"inputTokens":3}},"token":null}}'],
    ['{"threadId":"01a21560-8dc2-7953-8712-0ae1b811628c","key":"x","isSecret":true}'],
  ])("%s stays", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});

describe("names", () => {
  it.each(
    (
      "x-api-key X-API-KEY apiKey OPENAI_API_KEY passphrase authorization Proxy-Authorization cookie " +
      "set-cookie password PGPASSWORD passwd secret clientSecret token accessToken refresh_token " +
      "authToken experimental_bearer_token credentials privateKey ssh_key AccountKey userCode _auth pin " +
      "DB_PASS dbPass MYSQL_PWD SIGNING_PASSPHRASE"
    ).split(" "),
  )("%s", (name) => {
    const message = JSON.stringify({ [name]: "abc", deep: [{ [name]: { inner: ["abc"] } }] });
    expect(maskSecrets(message)).toBe(JSON.stringify({ [name]: "***", deep: [{ [name]: "***" }] }));
    expect(maskSecrets(JSON.stringify({ [name]: 1234 }))).toBe(JSON.stringify({ [name]: "***" }));
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "key",
    "tokenizer",
    "tokenUsage",
    "token_type",
    "bearer_token_env_var",
    "author",
    "code",
    "pass",
    "bypass",
  ])("%s is harmless", (name) => expect(isSecretName(name)).toBe(false));

  it("mask every value of environments and headers", () => {
    const message = {
      env: { PATH: "/bin", N: 1, none: null },
      http_headers: { "X-Team": ["abc"] },
    };
    expect(maskSecrets(JSON.stringify(message))).toBe(
      '{"env":{"PATH":"***","N":"***","none":null},"http_headers":{"X-Team":"***"}}',
    );
  });

  it("mask what they name in lists and pairs", () => {
    const message = {
      args: ["--token", "abc", "x"],
      write: { keyPath: "model_providers.x.experimental_bearer_token", value: "abc" },
      list: [{ name: "API_KEY", note: "x", value: "abc" }],
    };
    expect(maskSecrets(JSON.stringify(message))).not.toContain("abc");
    expect(JSON.parse(maskSecrets(JSON.stringify(message))).args).toEqual(["--token", "***", "x"]);
  });

  it("mask inside JSON inside strings", () => {
    let text = JSON.stringify({ password: "hunter2", kept: 1 });
    for (let level = 0; level < 3; level++) text = JSON.stringify({ output: text });
    expect(maskSecrets(text)).not.toContain("hunter2");
    expect(maskSecrets(text)).toContain("kept");
  });
});

const telegram = `123456789:AA${"a1-B".repeat(8)}`;

it.each([
  ["a token whose beginning is a number", `[${telegram}]`, "[***]"],
  ["the same in an object", `{"a":[${telegram}]}`, '{"a":[***]}'],
  ["a member after a list", '[1] "password": "hunter22"', '[1] "password": "***"'],
  ["a member after an object", '{"a":1}, "token": "hunter22"', '{"a":1}, "token": "***"'],
  ["several values", '{"a":1}\n{"password":"hunter22"}', '{"a":1}\n{"password":"***"}'],
])("text that only begins like JSON is masked as text: %s", (_name, text, expected) => {
  expect(maskSecrets(text)).toBe(expected);
});

describe("any text", () => {
  it("returns JSON with the same structure for JSON", () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const masked = JSON.parse(maskSecrets(JSON.stringify(value)));
        expect(Object.keys(masked).length).toBe(Object.keys(value as object).length);
      }),
    );
  });

  it("isn't masked further the second time, and never throws", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const masked = maskSecrets(text);
        expect(maskSecrets(masked)).toBe(masked);
        maskSecrets(`{"a":${text}`);
      }),
    );
  });

  it("has no secret up to the end of a line if it has none together with the next lines", () => {
    const part = fc.constantFrom(
      ...[
        '"',
        "'",
        "`",
        "\\",
        "\\n",
        " ",
        "=",
        ":",
        "--",
        "-u ",
        "[",
        "{",
        "}",
        "]",
        ",",
        "1",
        "null",
      ],
      ...[
        "password",
        "--token ",
        "api_key",
        "Bearer ",
        "basic ",
        "word",
        "a1B2c3D4",
        "env",
        "true",
      ],
      ...[
        "-----BEGIN RSA PRIVATE KEY",
        "-----END ",
        "https://user:",
        "@host",
        "name",
        "value",
        "***",
      ],
      ...[values.GitHub, values["AWS secret"], '"password":', '"--token",', '{"a":"', "'x"],
    );
    const parts = fc.array(part, { maxLength: 12 }).map((all) => all.join(""));
    const lineBreak = fc.constantFrom(["\n", ""], ["", "\n"]);
    fc.assert(
      fc.property(parts, parts, lineBreak, (before, after, [end = "", start = ""]) => {
        const lines = before + end;
        const text = lines + start + after;
        if (maskSecrets(text) === text) expect(maskSecrets(lines)).toBe(lines);
      }),
      { numRuns: 2_000 },
    );
  });

  it("can be nested deeply", () => {
    const deep = `{"token":${"[".repeat(50_000)}${"]".repeat(50_000)},"b":"Bearer abcdefgh"}`;
    expect(maskSecrets(deep)).toBe('{"token":"***","b":"Bearer ***"}');
  });
});

describe("quoteForeign", () => {
  it("masks, escapes and truncates", () => {
    expect(quoteForeign("a\\b\x1b[2J\u202e\nBearer abcdefgh")).toBe(
      "a\\b\\x1b[2J\\u{202e}\\nBearer ***",
    );
    expect(quoteForeign("x".repeat(1000), 10)).toBe("xxxxxxxxxx… (1000 characters)");
    expect(quoteForeign("\u202e".repeat(50), 20)).toBe("\\u{202e}\\u{202e}… (50 characters)");
    expect(quoteForeign(`${"😀".repeat(5)}`, 3)).toBe("😀… (10 characters)");
  });

  it("shows no half of a secret that was cut", () => {
    for (let before = 4000; before < 6200; before += 7) {
      const text = `${"Bearer abcdefgh ".repeat(before / 16)}sk-proj-abcdefghijklmnop`;
      expect(quoteForeign(text, 400)).not.toMatch(/abc|sk-p/);
    }
  });

  it("is one bounded, visible line, whatever the text", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const quoted = quoteForeign(text, max);
        expectVisible(quoted);
        expect(quoted).not.toContain("\n");
        expect(quoted.length).toBeLessThan(max + 30);
      }),
    );
  });
});
