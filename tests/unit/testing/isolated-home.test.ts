import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { mergeEnvironment } from "../../../src/process/environment.ts";
import { tomlFile } from "../../../src/process/toml.ts";
import { isolatedHome } from "../../../src/testing/index.ts";

test("a home is fresh, named by its environment, and removed when disposed of", async () => {
  const home = await isolatedHome({ model: "m" });
  expect(await readFile(path.join(home.path, "config.toml"), "utf8")).toBe('model = "m"\n');
  expect(home.env).toMatchObject({ CODEX_HOME: home.path, OPENAI_API_KEY: undefined });
  await writeFile(path.join(home.path, "left-over"), "");
  await home[Symbol.asyncDispose]();
  expect(existsSync(home.path)).toBe(false);
});

test("a server gets the variables of this process that it needs, but no credentials", async () => {
  const given = {
    AWS_SECRET_ACCESS_KEY: "s",
    AZURE_CLIENT_SECRET: "s",
    GITHUB_TOKEN: "s",
    NPM_TOKEN: "s",
    HTTPS_PROXY: "http://proxy.test",
    SOME_VARIABLE: "v",
  };
  const needed = { PATH: process.env.PATH, LC_TIME: "C", TZ: "UTC", HOME: process.env.HOME };
  for (const [name, value] of Object.entries({ ...given, ...needed })) vi.stubEnv(name, value);
  await using home = await isolatedHome();
  const env = mergeEnvironment(process.env, home.env);
  const passed = Object.entries(env).filter(([, value]) => value !== undefined);
  const names = passed.map(([name]) => name);
  expect(Object.keys(given).filter((name) => names.includes(name))).toEqual([]);
  expect(Object.fromEntries(passed)).toMatchObject(needed);
});

test("configuration is written as TOML, values before tables", () => {
  const config = {
    a: { deep: { "odd key": true }, n: 1.5 },
    text: 'quo"te\n\u007f',
    list: ["x", 2, { k: false, l: [] }],
  };
  expect(tomlFile(config)).toBe(
    [
      'text = "quo\\"te\\n\\u007f"',
      'list = ["x", 2, {k = false, l = []}]',
      "[a]",
      "n = 1.5",
      "[a.deep]",
      '"odd key" = true',
      "",
    ].join("\n"),
  );
});
