import { describe, expect, test } from "vitest";
import { LoginError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient } from "../../support/fake.ts";

describe("account", () => {
  test("a login that ends in the same chunk as its answer is completed", async () => {
    const { server, codex } = fakeClient();
    const starting = codex.account.loginWithDeviceCode();
    const request = await server.request("account/login/start");
    server.notify("account/login/completed", { loginId: "other", success: false, error: "no" });
    server.notify("account/login/completed", { loginId: "l1", success: true, error: null });
    request.respond({
      type: "chatgptDeviceCode",
      loginId: "l1",
      verificationUrl: "https://example.com/device",
      userCode: "ABCD",
    });
    const login = await starting;
    expect(login).toMatchObject({ loginId: "l1", code: "ABCD" });
    await login.completed;
    await codex.close();
  });

  test.each(["A\r\n\u001b[2J\u202eB", "A B", "\u{1f600}", "", 5])(
    "a login whose code is %j fails: programs print it",
    async (userCode) => {
      const { server, codex } = fakeClient();
      server.answer("account/login/start", ({ type }) => ({
        ...{ type, loginId: "l1", verificationUrl: "https://example.com/device", userCode },
      }));
      const failure = await failureOf(codex.account.loginWithDeviceCode());
      expect(failure).toBeInstanceOf(LoginError);
      expect(failure.message).toContain("the code must consist of");
      expect(failure.message).toMatch(/^[\x20-\x7e\u{1f600}]+$/u);
      await codex.close();
    },
  );

  test("rate limits are the same from a request and from a notification", async () => {
    const { server, codex } = fakeClient();
    const snapshot = {
      limitId: "codex",
      limitName: null,
      primary: { usedPercent: 12.5, windowDurationMins: 300, resetsAt: 1_800_000_000 },
      secondary: { usedPercent: 80, windowDurationMins: null, resetsAt: null },
    };
    server.answer("account/rateLimits/read", () => ({
      rateLimits: snapshot,
      rateLimitsByLimitId: { codex: snapshot },
    }));
    const { limits } = await codex.account.rateLimits();
    expect(limits).toEqual([
      {
        id: "codex",
        name: undefined,
        window: "primary",
        usedPercent: 12.5,
        windowMs: 18_000_000,
        resetsAt: new Date("2027-01-15T08:00:00Z"),
      },
      {
        id: "codex",
        name: undefined,
        window: "secondary",
        usedPercent: 80,
        windowMs: undefined,
        resetsAt: undefined,
      },
    ]);
    const changed = new Promise((resolve) => codex.account.onRateLimits(resolve));
    server.notify("account/rateLimits/updated", { rateLimits: snapshot });
    expect(await changed).toMatchObject({ limits });
    await codex.close();
  });

  test.each([null, {}, { rateLimits: null }, { rateLimits: { primary: 5 } }])(
    "rate limits in an answer of %o are none",
    async (answer) => {
      const { server, codex } = fakeClient();
      server.answer("account/rateLimits/read", () => answer);
      expect((await codex.account.rateLimits()).limits).toEqual([]);
      await codex.close();
    },
  );
});

describe("mcp", () => {
  test.each([
    ["by its id", "l1", { name: "docs", loginId: "l1" }, { name: "docs", loginId: "l0" }],
    ["by its server", undefined, { name: "docs" }, { name: "other" }],
  ])("a login is followed %s", async (_, loginId, own, foreign) => {
    const { server, codex } = fakeClient();
    server.answer("mcpServer/oauth/login", () => ({ authorizationUrl: "https://a.test", loginId }));
    const login = await codex.mcp.login("docs");
    expect(login.url).toBe("https://a.test");
    server.notify("mcpServer/oauthLogin/completed", { ...foreign, success: true });
    server.notify("mcpServer/oauthLogin/completed", { ...own, success: false, error: "refused" });
    await expect(login.completed).rejects.toThrow(LoginError);
    await codex.close();
  });
});

test("the address of a login's page has no characters that could control a terminal", async () => {
  const { server, codex } = fakeClient();
  const authorizationUrl = "https://a.test/\u001b[2J?x=\u202e\u0007 y";
  server.answer("mcpServer/oauth/login", () => ({ authorizationUrl, loginId: "l1" }));
  const { url } = await codex.mcp.login("docs");
  expect(url).toBe("https://a.test/%1B[2J?x=%E2%80%AE%07%20y");
  await codex.close();
});

describe("a login whose page has no http or https address", () => {
  test.each([undefined, "file:///bin/sh", "javascript:alert(1)", "https://", "//a.test"])(
    "is refused: %s",
    async (url) => {
      const { server, codex } = fakeClient();
      server.answer("mcpServer/oauth/login", () => ({ authorizationUrl: url, loginId: "l1" }));
      server.answer("account/login/start", ({ type }) => ({
        ...{ type, loginId: "l1", authUrl: url, verificationUrl: url, userCode: "c" },
      }));
      const { mcp, account } = codex;
      const starts = [mcp.login("docs"), account.loginWithChatGPT(), account.loginWithDeviceCode()];
      for (const failure of await Promise.all(starts.map(failureOf))) {
        expect(failure).toBeInstanceOf(LoginError);
        expect(failure.message).toContain("the login page must have a valid http or https address");
      }
      await codex.close();
    },
  );
});

describe("api", () => {
  test("is sent as by request(), including unknown methods", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/goal/get", (params) => ({ seen: params }));
    server.answer("new/method", () => 5);
    expect(await codex.api.thread.goal.get({ threadId: "t1" })).toEqual({
      seen: { threadId: "t1" },
    });
    const open = codex.api as unknown as { new: { method(): Promise<unknown> } };
    expect(await open.new.method()).toBe(5);
    await codex.close();
  });

  test("a method that isn't a string is refused: the server would never answer", async () => {
    const { server, codex } = fakeClient();
    server.answer("model/list", () => ({ data: [], nextCursor: null }));
    await expect(codex.request(5 as never, {} as never)).rejects.toThrow(
      new TypeError("The method must be a string, not the number 5"),
    );
    await codex.modelList();
    expect(server.received.map(({ method }) => method)).not.toContain(5);
    await codex.close();
  });

  test("can be awaited and converted by accident", async () => {
    const { server, codex } = fakeClient();
    expect(await codex.api.thread).toBeTypeOf("function");
    expect(() => (codex.api as unknown as () => void)()).toThrow("call one of its methods");
    // Without the check, a request would be sent, and its failure would end the process.
    expect(JSON.parse(JSON.stringify(codex))).not.toHaveProperty("api");
    expect(String(codex.api.thread)).toContain("native code");
    expect(server.received).toEqual([]);
  });
});
