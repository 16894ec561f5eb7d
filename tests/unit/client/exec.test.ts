import { describe, expect, test } from "vitest";
import { fakeClient } from "../../support/fake.ts";

const BUSY = "Server overloaded; retry later.";
const base64 = (...bytes: number[]) => Buffer.from(bytes).toString("base64");

describe("codex.exec", () => {
  test.each([
    [1.5, { timeoutMs: 2 }],
    [0.2, { timeoutMs: 1 }],
    [1e20, { disableTimeout: true }],
    [Number.POSITIVE_INFINITY, { disableTimeout: true }],
    [0, { disableTimeout: true }],
    [undefined, { timeoutMs: null }],
  ])("the time limit %s is sent as a number that the server takes", async (timeoutMs, sent) => {
    const { server, codex } = fakeClient();
    const command = codex.exec(["true"], { timeoutMs });
    const { params, respond } = await server.request("command/exec");
    const { timeoutMs: limit, disableTimeout } = params;
    respond({ exitCode: 0 });
    await command.run();
    expect(JSON.parse(JSON.stringify({ timeoutMs: limit, disableTimeout }))).toEqual(sent);
    await codex.close();
  });

  test("a reader that waits for output can be left immediately", async () => {
    const { server, codex } = fakeClient();
    const reader = codex.exec(["cat"]).stream();
    const next = reader.next();
    await server.request("command/exec");
    expect(await reader.return(undefined)).toEqual({ value: undefined, done: true });
    expect(await next).toEqual({ value: undefined, done: true });
    await codex.close();
  });

  test("an abort ends the call and the command, even if the server never answers", async () => {
    const { server, codex } = fakeClient();
    const controller = new AbortController();
    const command = codex.exec(["cat"], { signal: controller.signal });
    const { params } = await server.request("command/exec");
    controller.abort(new Error("enough"));
    await expect(command.run()).rejects.toThrow("enough");
    await expect(command.stream().next()).rejects.toThrow("enough");
    const terminate = await server.request("command/exec/terminate");
    expect(terminate.params).toEqual({ processId: params.processId });
    await codex.close();
  });

  test("an aborted command isn't sent again after the server was busy", async () => {
    const { server, codex } = fakeClient({ retryOnOverload: { initialDelayMs: 0 } });
    const controller = new AbortController();
    const command = codex.exec(["cat"], { signal: controller.signal });
    (await server.request("command/exec")).fail(-32001, BUSY);
    controller.abort(new Error("enough"));
    await expect(command.run()).rejects.toThrow("enough");
    await server.request("command/exec/terminate");
    expect(server.received.filter(({ method }) => method === "command/exec")).toHaveLength(1);
    await codex.close();
  });

  test("a command that is aborted before there is a connection is never sent", async () => {
    const { server, codex } = fakeClient();
    const connecting = codex.connect();
    const controller = new AbortController();
    const command = codex.exec(["cat"], { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(command.run()).rejects.toThrow("enough");
    await connecting;
    server.answer("model/list", () => ({ data: [] }));
    await codex.modelList();
    expect(server.received.map(({ method }) => method)).not.toContain("command/exec");
    await codex.close();
  });

  test("a character that the server cut is a replacement character in the output", async () => {
    const { server, codex } = fakeClient();
    const command = codex.exec(["cat"]);
    const { params, respond } = await server.request("command/exec");
    const { processId } = params;
    const delta = { processId, stream: "stdout", deltaBase64: base64(0x61, 0xc3) };
    server.notify("command/exec/outputDelta", { ...delta, capReached: true });
    respond({ exitCode: 0, stdout: "", stderr: "" });
    expect(await command.run()).toMatchObject({ stdout: "a\uFFFD", isCut: true });
    await codex.close();
  });

  test("a byte order mark is part of the output", async () => {
    const { server, codex } = fakeClient();
    const command = codex.exec(["cat", "table.csv"]);
    const { params, respond } = await server.request("command/exec");
    const { processId } = params;
    const deltaBase64 = base64(0xef, 0xbb, 0xbf, 0x61);
    for (const stream of ["stdout", "stderr"]) {
      server.notify("command/exec/outputDelta", { processId, stream, deltaBase64 });
    }
    respond({ exitCode: 0, stdout: "", stderr: "" });
    expect(await command.run()).toMatchObject({ stdout: "\uFEFFa", stderr: "\uFEFFa" });
    await codex.close();
  });

  test("a time limit of Infinity means no limit, and impossible ones are refused", async () => {
    const { server, codex } = fakeClient();
    codex.exec(["cat"], { timeoutMs: Number.POSITIVE_INFINITY });
    const { params } = await server.request("command/exec");
    expect(params).toMatchObject({ disableTimeout: true });
    expect(params).not.toHaveProperty("timeoutMs");
    for (const timeoutMs of [-1, Number.NaN]) {
      expect(() => codex.exec(["cat"], { timeoutMs })).toThrow("exec option timeoutMs must be 0");
    }
    await codex.close();
  });

  test("a meaningless answer is an error", async () => {
    const { server, codex } = fakeClient();
    const command = codex.exec(["cat"]);
    (await server.request("command/exec")).respond(null);
    await expect(command.run()).rejects.toThrow("has no exit code");
    await codex.close();
  });

  test.each([5, null, [1, 2], new Uint16Array([256]), {}])(
    "%o can't be written",
    async (content) => {
      const { server, codex } = fakeClient();
      const command = codex.exec(["cat"]);
      await server.request("command/exec");
      const failure = "the content must be a string or a Uint8Array";
      await expect(command.write(content as never)).rejects.toThrow(failure);
      await expect(codex.files.write("/a", content as never)).rejects.toThrow(failure);
      await codex.close();
    },
  );
});

test.each([undefined, null, { length: 2 ** 33 }, [65]])(
  "an answer to fs/readFile with the content %o is an error",
  async (dataBase64) => {
    const { server, codex } = fakeClient();
    server.answer("fs/readFile", () => ({ dataBase64 }));
    await expect(codex.files.read("/a")).rejects.toThrow("fs/readFile has no content");
    await codex.close();
  },
);
