import { describe, it } from "vitest";
import { hasExactNumbers, hasNumber } from "../../../src/text/json-numbers.ts";
import { visibleJson } from "../../../src/text/json-text.ts";
import { lastStates, stripForOutput } from "../../../src/text/output-text.ts";
import { isSecretName } from "../../../src/text/secret-names.ts";
import { maskText } from "../../../src/text/secret-values.ts";
import { maskSecrets, quoteForeign } from "../../../src/text/secrets.ts";
import { escapeLine, escapeVisible, unescapeVisible } from "../../../src/text/visible.ts";
import { expectLinear } from "../../support/growth.ts";

describe("takes time that grows with the length", () => {
  it.each<[string, (text: string) => unknown]>([
    ["escapeVisible", escapeVisible],
    ["escapeLine", escapeLine],
    ["unescapeVisible", (text) => unescapeVisible(text as ReturnType<typeof escapeLine>)],
    ["visibleJson", (text) => visibleJson({ [text]: text })],
    ["hasNumber", (text) => hasNumber(JSON.stringify([text]))],
    ["hasExactNumbers", (text) => hasExactNumbers(JSON.stringify(["1", text]))],
    ["stripForOutput", stripForOutput],
    ["lastStates", lastStates],
    ["isSecretName", isSecretName],
    ["maskText", maskText],
    ["maskSecrets", maskSecrets],
    ["maskSecrets in JSON", (text) => maskSecrets(JSON.stringify({ [text]: text }))],
    ["quoteForeign", (text) => quoteForeign(text)],
  ])("%s", (_name, run) => {
    expectLinear(run);
  });
});
