import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Codex, LoginError } from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import {
  failure,
  type IsolatedHome,
  isolatedHome,
  ScriptedModel,
} from "../../../src/testing/index.ts";
import { collectWarnings, failureOf, nextOf, sharedServer } from "../../support/e2e.ts";
import { textBelow } from "../../support/folder-text.ts";
import { commandLines } from "../../support/processes.ts";

const KEY = "sk-proj-notARealKey0123456789abcdefghij";

let home: IsolatedHome;
beforeAll(async () => {
  home = await isolatedHome();
});
afterAll(() => home[Symbol.asyncDispose]());

function client(options = {}): Codex {
  return new Codex({ env: home.env, onWarning: collectWarnings().onWarning, ...options });
}

describe("the apiKey option", () => {
  test("logs in, and leaves the key neither on disk nor on a command line", async () => {
    await using codex = client({ apiKey: KEY });
    await codex.connect();
    expect((await codex.account.read()).account).toEqual({ type: "apiKey" });
    expect(textBelow(home.path)).not.toContain(KEY);
    const commands = commandLines(process.pid).join("\n");
    expect(commands).toContain("app-server");
    expect(commands).not.toContain(KEY);
    await using other = client();
    expect((await other.account.read()).account).toBeNull();
  });

  test("logs in again when the server is restarted", async () => {
    await using codex = client({ apiKey: KEY, restart: {} });
    await codex.connect();
    const isBack = new Promise<void>((resolve) => {
      let wasLost = false;
      codex.onStatus(({ state }) => {
        wasLost ||= state === "reconnecting";
        if (wasLost && state === "ready") resolve();
      });
    });
    for (const pid of procTable.children(process.pid)) process.kill(pid, "SIGKILL");
    await isBack;
    expect((await codex.account.read()).account).toEqual({ type: "apiKey" });
  });

  test.each([
    [{ launchArgs: ["codex", "app-server"] }, "launchArgs is set"],
    [{ chatgptTokens: () => ({ accessToken: "", chatgptAccountId: "" }) }, "not both"],
  ])("is refused beside %o", (options, message) => {
    expect(() => client({ apiKey: KEY, ...options })).toThrow(message);
    expect(() => client({ apiKey: KEY, ...options })).not.toThrow(KEY);
  });
});

describe("a login with ChatGPT", () => {
  test("names its page, and rejects when it is cancelled", async () => {
    await using codex = client();
    const login = await codex.account.loginWithChatGPT();
    expect(new URL(login.url).protocol).toBe("https:");
    expect(await login.cancel()).toEqual({ status: "canceled" });
    const error = await failureOf(login.completed);
    expect(error).toBeInstanceOf(LoginError);
    expect(error).toMatchObject({ code: "LOGIN_FAILED" });
  });

  test("rejects when the client is closed", async () => {
    const codex = client();
    const { completed } = await codex.account.loginWithChatGPT();
    await codex.close();
    await expect(completed).rejects.toThrow("closed");
  });
});

test("reports who logs in", async () => {
  await using codex = client({ config: { cli_auth_credentials_store: "ephemeral" } });
  const changed = nextOf(codex, "account/updated");
  await codex.account.login({ apiKey: KEY });
  expect(await changed).toMatchObject({ authMode: "apikey" });
});

describe("without a login", () => {
  const server = sharedServer();

  test("a failed turn says how to log in", async () => {
    server.model.enqueue(failure(401, { error: { message: "Missing bearer" } }));
    const thread = await server.codex.threadStart();
    const result = await thread.run("hello");
    expect(() => result.throwIfFailed()).toThrow(/run `codex login`.*or set the apiKey option/);
  });
});

test("the chatgptTokens option logs in, and gives the server new tokens when the old are refused", async () => {
  await using model = await ScriptedModel.start();
  const requests: unknown[] = [];
  await using codex = client({
    chatgptTokens: (request: unknown) => {
      requests.push(request);
      return { accessToken: tokenOf(requests.length), chatgptAccountId: "account" };
    },
    config: {
      model: "gpt-5.5",
      model_provider: "scripted",
      model_providers: { scripted: { ...PROVIDER, base_url: model.url } },
    },
  });
  model.enqueue(failure(401, { error: { message: "expired" } }), "hello");
  const thread = await codex.threadStart();
  expect((await thread.run("hi")).throwIfFailed().text).toBe("hello");
  expect(requests).toEqual([undefined, { reason: "unauthorized", previousAccountId: "account" }]);
  const used = model.requests.map(({ headers }) => headers.authorization);
  expect(used).toEqual([`Bearer ${tokenOf(1)}`, `Bearer ${tokenOf(2)}`]);
  expect(textBelow(home.path)).not.toContain(tokenOf(1));
});

const PROVIDER = {
  name: "Scripted",
  wire_api: "responses",
  requires_openai_auth: true,
  request_max_retries: 0,
  stream_max_retries: 0,
};

/** A token like ChatGPT's, without a signature. */
function tokenOf(count: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const user = { chatgpt_user_id: "user", chatgpt_plan_type: "plus" };
  const claims = { chatgpt_account_id: "account", ...user };
  const body = {
    count,
    exp: 4_000_000_000,
    email: "a@example.com",
    "https://api.openai.com/auth": claims,
  };
  return `${part({ alg: "none" })}.${part(body)}.${part({})}`;
}
