import { expect, it } from "vitest";
import { rpcError } from "../../../src/errors/rpc-errors.ts";

it("keeps all of the server's words, and puts a readable part of them into the message", () => {
  const words = `unknown variant \`no/such\`, expected one of ${"`thread/start`, ".repeat(190)}`;
  const error = rpcError("no/such", { code: -32600, message: words });
  expect(error.serverMessage).toBe(words);
  expect(error.message).toMatch(
    /^no\/such: unknown variant `no\/such`, .*… \(\d+ characters\) \(-32600\)$/,
  );
  expect(error.message.length).toBeLessThan(450);
});
