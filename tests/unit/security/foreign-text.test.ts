import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  Codex,
  CodexError,
  CodexWarning,
  proxy,
  TurnFailedError,
  tool,
  unixSocket,
  websocket,
} from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnStarted } from "../../support/fake.ts";

const SECRET = `ghp_${"a1B2".repeat(9)}`;
const PASSWORD = "hunter2hunter2";
/** Text with secrets, and with characters that control a screen. */
const WORDS = `token ${SECRET}, wss://user:${PASSWORD}@host/?sig=${PASSWORD} \x1b[2J\r\u202e\x07\u200b`;

/** Checks that secrets are masked, and that no character controls a screen or is invisible. */
function expectSafe(text: string): void {
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
  expect(text.length).toBeLessThan(17_000);
}

describe("text from a server is masked, escaped and truncated", () => {
  test("in warnings about unexpected messages", async () => {
    const { codex, server, warnings } = fakeClient();
    await codex.connect();
    server.sendText(`${WORDS} is no JSON`);
    server.sendText(`{"apiKey":"${PASSWORD}","env":{"X":"${PASSWORD}"}}`);
    server.sendText(JSON.stringify([WORDS.repeat(100_000)]));
    expect(warnings).toHaveLength(3);
    for (const { message } of warnings) {
      expectSafe(message);
      expect(message.length).toBeLessThan(400);
    }
  });

  test("and late answers are shown without their values", async () => {
    const { codex, server, warnings } = fakeClient();
    const asking = codex.request("getAuthStatus", {
      includeToken: true,
      refreshToken: false,
    });
    const request = await server.request("getAuthStatus");
    // No pattern matches this text, and the member's name is harmless.
    const answer = { authToken: PASSWORD, note: "my diary" };
    request.respond(answer);
    expect(await asking).toEqual(answer);
    request.respond(answer);
    request.fail(-32600, "my diary");
    server.send({ id: 4711, result: { data: "my diary" } });
    expect(warnings.map(({ code }) => code)).toEqual(Array(3).fill("STRAY_MESSAGE"));
    for (const { message } of warnings) {
      expect(message).not.toMatch(/diary|hunter2/);
      expect(message).toMatch(/\{"id": \d+, "(result|error)": …\}/);
    }
  });

  test("in its own warnings", async () => {
    const { codex, server, warnings } = fakeClient();
    await codex.connect();
    server.notify("warning", { message: WORDS });
    server.notify("configWarning", { summary: WORDS, details: WORDS, path: WORDS });
    server.notify("deprecationNotice", { summary: WORDS.repeat(100_000), details: null });
    expect(warnings).toHaveLength(3);
    for (const { message } of warnings) expectSafe(message);
  });

  test("in warnings of its requests", async () => {
    const { codex, server, warnings } = fakeClient({
      handlers: {
        "item/tool/requestUserInput": () => {
          throw new Error(WORDS);
        },
      },
      approvals: { command: (() => "yes") as never },
    });
    await codex.connect();
    await server.ask(`thread/${WORDS.repeat(10_000)}`, {});
    await server.ask("item/tool/requestUserInput", { questions: [] });
    const availableDecisions = [WORDS.repeat(10_000), { [WORDS]: {} }];
    await server.ask("item/commandExecution/requestApproval", { availableDecisions });
    expect(warnings.map(({ code }) => code)).toEqual([
      "UNHANDLED_REQUEST",
      "HANDLER_FAILED",
      "INVALID_DECISION",
    ]);
    for (const { message } of warnings) expectSafe(message);
  });

  test("in the error of a handshake", async () => {
    const server = new FakeAppServer();
    server.answer("initialize", () => ({ token: PASSWORD, env: { A: PASSWORD }, text: WORDS }));
    await using codex = new Codex({ transport: server.endpoint });
    const error = await failureOf(codex.connect());
    expect(error.message).toContain("lacks its user agent");
    expectSafe(error.message);
  });

  test("in the error of a request", async () => {
    const { codex, server } = fakeClient();
    server.answer("model/list", () => {
      throw new Error(`${WORDS}${"x".repeat(100_000)}`);
    });
    const error = await failureOf(codex.modelList());
    expectSafe(error.message);
    expect(error.message.length).toBeLessThan(600);
    expectSafe(error.stack?.split("\n    at")[0] ?? "");
  });

  test("in the error of a turn", async () => {
    const { codex, server } = fakeClient();
    const thread = await codex.threadStart();
    const running = thread.run("hi");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    server.notify(...turnStarted("t1", "u1"));
    const error = { message: WORDS, additionalDetails: WORDS, codexErrorInfo: "other" };
    const turn = { id: "u1", status: "failed", items: [], error };
    server.notify("turn/completed", { threadId: "t1", turn });
    const result = await running;
    const thrown = await failureOf((async () => result.throwIfFailed())());
    expect(thrown).toBeInstanceOf(TurnFailedError);
    expectSafe(thrown.message);
    expect(result.error?.message).toBe(WORDS);
  });

  test("in the end of its stderr, in the message and in the lines", async () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${PASSWORD}\n-----END PRIVATE KEY-----`;
    const last = `${WORDS}\n${pem}\n{"level":"error","apiKey":"${PASSWORD}"}\nbye`;
    const code = `process.stderr.write(${JSON.stringify(last)}, () => process.exit(1))`;
    await using codex = new Codex({ launchArgs: [process.execPath, "-e", code] });
    const error = await failureOf(codex.connect());
    expect(error.message).toContain("bye");
    expectSafe(error.message);
    expectSafe(inspect(error).split("\n    at")[0] ?? "");
    for (const line of (error as CodexError & { stderr: string[] }).stderr) expectSafe(line);
  });

  test("in output that isn't a message, before the handshake is complete", async () => {
    const code = `console.log(${JSON.stringify(WORDS)}); process.exit(1)`;
    await using codex = new Codex({ launchArgs: [process.execPath, "-e", code] });
    const error = await failureOf(codex.connect());
    expect(error.message).toContain("Unexpected output");
    expectSafe(error.message);
  });

  test("in the refusal of a WebSocket", async () => {
    await using http = createServer((_request, response) => response.writeHead(403).end(WORDS));
    http.on("upgrade", (_request, socket) =>
      socket.end(`HTTP/1.1 403 no\r\nContent-Length: ${Buffer.byteLength(WORDS)}\r\n\r\n${WORDS}`),
    );
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    await using codex = new Codex({ transport: websocket(`ws://127.0.0.1:${port}`) });
    const error = await failureOf(codex.connect());
    expect(error.message).toContain("refused the connection: 403");
    expectSafe(error.message);
  });

  test("no matter what creates the error or the warning", () => {
    for (const made of [new CodexError(WORDS), new CodexWarning("SERVER_WARNING", WORDS)]) {
      expectSafe(made.message);
      expectSafe(String(made));
    }
    expect(new CodexError("one\ntwo: C:\\x \\\\host\\share").message).toBe(
      "one\ntwo: C:\\x \\\\host\\share",
    );
  });
});

describe("option errors quote no secret", () => {
  const wrong: [string, () => unknown][] = [
    ["a token in place of options", () => websocket("ws://127.0.0.1:1", PASSWORD as never)],
    ["headers as a text", () => websocket("ws://127.0.0.1:1", { headers: PASSWORD as never })],
    [
      "a header as a name",
      () => websocket("ws://127.0.0.1:1", { headers: { [`Cookie: a=${PASSWORD}`]: "" } }),
    ],
    ["a URL of another kind", () => websocket(`http://user:${PASSWORD}@host/?token=${PASSWORD}`)],
    ["text in place of options", () => new Codex(PASSWORD as never)],
    ["env as a text", () => new Codex({ env: PASSWORD as never })],
    ["env as a list", () => new Codex({ env: [PASSWORD] as never })],
    ["a variable in its name", () => new Codex({ env: { [`API_TOKEN=${PASSWORD}`]: "" } })],
    ["a handler as a text", () => new Codex({ handlers: { "*": PASSWORD as never } })],
    ["config as a text", () => new Codex({ config: PASSWORD as never })],
    ["an address as transport", () => new Codex({ transport: `ws://u:${PASSWORD}@h` as never })],
    ["a key as a number", () => new Codex({ requestTimeoutMs: SECRET as never })],
    ["a key as an unknown option", () => new Codex({ [SECRET]: 1 } as never)],
    ["handlers as a text", () => new Codex({ handlers: PASSWORD as never })],
    ["a socket's options as a text", () => unixSocket("/s", PASSWORD as never)],
    ["a proxy's options as a text", () => proxy(PASSWORD as never)],
    ["a tool as a key", () => tool(SECRET as never)],
  ];

  test.each(wrong)("%s", async (_what, make) => {
    const error = await failureOf((async () => make())());
    expect(error).toBeInstanceOf(TypeError);
    expectSafe(error.message);
  });

  test("a helpful value is still quoted", () => {
    expect(() => new Codex({ requestTimeoutMs: "5 s" as never })).toThrow('not "5 s"');
  });
});

test("an endpoint shows nothing of its credentials when it is printed", () => {
  const url = `wss://user:${PASSWORD}@host/?token=${PASSWORD}`;
  const headers = { Cookie: PASSWORD };
  for (const endpoint of [websocket(url), websocket("wss://host", { token: PASSWORD, headers })]) {
    const codex = new Codex({ transport: endpoint });
    for (const shown of [inspect(endpoint, { depth: 9 }), JSON.stringify(endpoint), endpoint.name])
      expect(shown).not.toContain(PASSWORD);
    expect(inspect(codex, { depth: 9 })).not.toContain(PASSWORD);
  }
});
