import { expect, test } from "vitest";
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
  "a credential of %s is known to the masks and to what is kept off command lines",
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
