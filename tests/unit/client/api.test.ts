import { expect, test } from "vitest";
import { fakeClient } from "../../support/fake.ts";

test("logging a client, or its namespaces, sends nothing", async () => {
  const { server, codex } = fakeClient();
  await codex.connect();
  const { api } = codex;
  for (const value of [codex, api, api.thread, api.thread.start]) JSON.stringify(value);
  expect(`${api.thread}`).toContain("function");
  expect(api.thread.start).toBeInstanceOf(Function);
  server.answer("model/list", () => ({ data: [] }));
  await api.model.list({});
  const sent = server.received.map(({ method }) => method);
  expect(sent).toEqual(["initialize", "initialized", "model/list"]);
  await codex.close();
});

test("options of the wrong type are refused before anything is sent", async () => {
  const { server, codex } = fakeClient();
  const call = codex.api.model.list as (params: object, options: unknown) => Promise<unknown>;
  await expect(call({}, { timeoutMs: "5" })).rejects.toThrow("model/list option timeoutMs");
  await expect(call({}, { signl: 1 })).rejects.toThrow("did you mean signal?");
  expect(server.received).toEqual([]);
  await codex.close();
});
