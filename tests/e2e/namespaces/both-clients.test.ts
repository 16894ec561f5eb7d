import path from "node:path";
import { describe, expect, test } from "vitest";
import { bench, drivers } from "../../support/both-clients.ts";

const { options, cwd: directory } = lazily(bench());

describe.each(drivers)("the namespaces of $name", ({ client }) => {
  test("account: logs in with a key, and logs out", async () => {
    const codex = client({ ...options(), config: WITH_LOGIN });
    expect((await codex.account.read()).account).toBeNull();
    await codex.account.login({ apiKey: "sk-test-0123456789" });
    expect((await codex.account.read()).account).toEqual({ type: "apiKey" });
    await codex.account.logout();
    expect((await codex.account.read()).account).toBeNull();
    await codex.close();
  });

  test("config: writes values, and reads them and where they come from", async () => {
    const codex = client(options());
    await codex.config.write({ model_verbosity: "low" });
    const { config, origins } = await codex.config.read();
    expect(config.model_verbosity).toBe("low");
    expect(Object.keys(origins)).toContain("model_verbosity");
    expect((await codex.config.layers()).length).toBeGreaterThan(0);
    await codex.close();
  });

  test("files: writes, lists, reads, copies and removes", async () => {
    const codex = client(options());
    const folder = path.join(directory(), "made");
    await codex.files.createDirectory(folder);
    await codex.files.write(path.join(folder, "a.txt"), "grüße");
    await codex.files.copy(path.join(folder, "a.txt"), path.join(folder, "b.txt"));
    const names = (await codex.files.list(folder)).map(({ fileName }) => fileName);
    expect(names.toSorted()).toEqual(["a.txt", "b.txt"]);
    expect(await codex.files.readText(path.join(folder, "b.txt"))).toBe("grüße");
    const content = await codex.files.read(path.join(folder, "b.txt"));
    expect(content.toString("latin1")).toBe("grÃ¼Ã\u009fe");
    expect(await codex.files.metadata(folder)).toMatchObject({ isDirectory: true });
    await codex.files.remove(folder);
    await codex.files.remove(folder);
    await codex.close();
  });

  test("exec: runs a command to its end", async () => {
    const codex = client(options());
    const script = "printf out; printf err >&2; exit 3";
    const command = codex.exec(["sh", "-c", script], { cwd: directory() });
    const result = await command.run();
    expect(result).toEqual({ exitCode: 3, stdout: "out", stderr: "err", isCut: false });
    await codex.close();
  });

  test("api: names every method of the protocol", async () => {
    const codex = client(options());
    const { data } = await codex.api.model.list({ limit: 1 });
    expect(data).toHaveLength(1);
    const answer = await codex.api.account.read({});
    expect(answer.account).toBeNull();
    const files = await codex.api.fuzzyFileSearch({
      query: "nothing",
      roots: [directory()],
      cancellationToken: null,
    });
    expect(files.files).toEqual([]);
    await codex.close();
  });

  test("skills, plugins and mcp: lists", async () => {
    const codex = client(options());
    expect((await codex.skills.list({ cwds: [directory()] }))[0]).toMatchObject({ errors: [] });
    expect(await codex.plugins.installed()).toHaveProperty("marketplaces");
    const names: string[] = [];
    for await (const { name } of codex.mcp.servers()) names.push(name);
    expect(names).toEqual([]);
    await codex.mcp.reload();
    await codex.close();
  });
});

/** A provider that needs a login, and a store that writes nothing. */
const WITH_LOGIN = { model_provider: "openai", cli_auth_credentials_store: "ephemeral" };

/** The bench's getters are set before each test. */
function lazily(one: ReturnType<typeof bench>) {
  return { options: () => one.options, cwd: () => one.cwd };
}
