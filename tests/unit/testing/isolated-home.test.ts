import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { isolatedHome } from "../../../src/testing/index.ts";
import { toToml } from "../../../src/testing/toml.ts";

test("a home is fresh, named by its environment, and gone when disposed", async () => {
  const home = await isolatedHome({ model: "m" });
  expect(await readFile(path.join(home.path, "config.toml"), "utf8")).toBe('model = "m"\n');
  expect(home.env).toMatchObject({ CODEX_HOME: home.path, OPENAI_API_KEY: undefined });
  await writeFile(path.join(home.path, "left-over"), "");
  await home[Symbol.asyncDispose]();
  expect(existsSync(home.path)).toBe(false);
});

test("configuration is written as TOML, values before tables", () => {
  const config = {
    a: { deep: { "odd key": true }, n: 1.5 },
    text: 'quo"te\n\u007f',
    list: ["x", 2, { k: false, l: [] }],
  };
  expect(toToml(config)).toBe(
    [
      'text = "quo\\"te\\n\\u007f"',
      'list = ["x", 2, { k = false, l = [] }]',
      "[a]",
      "n = 1.5",
      "[a.deep]",
      '"odd key" = true',
      "",
    ].join("\n"),
  );
});
