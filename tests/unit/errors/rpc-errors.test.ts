import { expect, it } from "vitest";
import { rpcError } from "../../../src/errors/rpc-errors.ts";
import { JsonRpcError, ThreadNotFoundError } from "../../../src/index.ts";

it("keeps the server's whole message, and quotes a readable part of it", () => {
  const words = `unknown variant \`no/such\`, expected one of ${"`thread/start`, ".repeat(190)}`;
  const error = rpcError("no/such", { code: -32600, message: words });
  expect(error.serverMessage).toBe(words);
  expect(error.message).toMatch(
    /^no\/such: unknown variant `no\/such`, .*… \(\d+ characters\) \(-32600\)$/,
  );
  expect(error.message.length).toBeLessThan(450);
});

it("has the code of its class, and the JSON-RPC number in a separate member", () => {
  const error = rpcError("thread/read", { code: -32600, message: "thread not found: x" });
  expect(error).toBeInstanceOf(ThreadNotFoundError);
  expect(error).toBeInstanceOf(JsonRpcError);
  const members = { name: "ThreadNotFoundError", code: "THREAD_NOT_FOUND", rpcCode: -32600 };
  expect(error).toMatchObject(members);
  expect(JSON.parse(JSON.stringify(error))).toMatchObject(members);
});

it("has its own code even if no class fits", () => {
  const error = rpcError("m", { code: 5, message: "odd" });
  expect(error).toMatchObject({ code: "RPC_ERROR", rpcCode: 5 });
});
