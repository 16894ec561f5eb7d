import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ELICITATION } from "../support/asked-client.ts";
import { launchChromium } from "../support/chromium.ts";
import { fakeClient } from "../support/fake.ts";
import { onInspector, tab } from "../support/inspector.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

it("shows a request that belongs to no thread on every tab, and answers it", async () => {
  let found: (link: string) => void = () => {};
  const link = new Promise<string>((resolve) => {
    found = resolve;
  });
  const { server, codex } = fakeClient({ approvals: "ask", inspect: { onLink: found } });
  server.answer("thread/list", () => ({ data: [], nextCursor: null, backwardsCursor: null }));
  await codex.threadStart();
  const question = { serverName: "files", mode: "form", message: "Which folder?", threadId: null };
  const requestedSchema = {
    ...{ type: "object", required: ["folder"] },
    properties: { folder: { type: "string", title: "Folder" } },
  };
  const answer = server.ask(ELICITATION, { ...question, turnId: null, requestedSchema });
  await onInspector(browser, await link, async (page) => {
    const requests = page.getByRole("region", { name: "Requests outside threads" });
    await requests.getByText("Which folder?").waitFor();
    await tab(page, "Traffic").click();
    await requests.getByRole("textbox", { name: "Folder" }).fill("/tmp");
    await requests.locator(".actions button").first().click();
    await requests.waitFor({ state: "hidden" });
  });
  expect((await answer).result).toMatchObject({ action: "accept", content: { folder: "/tmp" } });
  expect(codex.requests.pending).toEqual([]);
  await codex.close();
});
