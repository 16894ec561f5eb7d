import { expect, it } from "vitest";
import { Exchange, type HandlerParts } from "../../../src/web/exchange.ts";

function clientOf(headers: Record<string, string>): string {
  const parts = { options: { authorize: () => true } } as unknown as HandlerParts;
  return new Exchange(parts, new Request("http://localhost/threads", { headers })).client;
}

it("tells clients apart by their credentials, without keeping those", () => {
  const cookie = `session=${"s".repeat(15_000)}`;
  const one = clientOf({ cookie });
  expect(one.length).toBeLessThan(100);
  expect(clientOf({ cookie })).toBe(one);
  expect(clientOf({ cookie: `${cookie}2` })).not.toBe(one);
  expect(clientOf({ cookie, authorization: "Bearer x" })).not.toBe(one);
});
