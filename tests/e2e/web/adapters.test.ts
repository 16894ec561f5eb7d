import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CodexClient } from "../../../src/browser/index.ts";
import { createHandler, type Handler, toNodeHandler } from "../../../src/web/index.ts";
import { sharedServer } from "../../support/e2e.ts";
import { showsInClient } from "../../support/handler.ts";
import { isOver } from "../../support/live-timelines.ts";

const server = sharedServer();
let handler: Handler;

beforeAll(() => {
  handler = createHandler(server.codex, { authorize: () => true });
});

afterAll(() => handler.close());

async function listen(made: Server): Promise<{ url: string; close: () => void }> {
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const { port } = made.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/codex`,
    close: () => {
      made.closeAllConnections();
      made.close();
    },
  };
}

/** Starts a thread and a turn, and follows the turn to its end without missing anything. */
async function tryOut(client: CodexClient): Promise<void> {
  const thread = await client.threadStart();
  const timeline = thread.timeline();
  await showsInClient(timeline, () => true);
  const message = "naïve 日本 ".repeat(5_000);
  server.model.enqueue(message);
  await thread.turn("x".repeat(200_000));
  const { turns } = await showsInClient(timeline, isOver(1));
  expect(turns[0]?.entries.at(-1)).toMatchObject({ kind: "assistant", text: message });
  await expect(thread.steer("more")).rejects.toMatchObject({ status: 409, code: "NO_TURN" });
  timeline.close();
}

it("works in node:http", async () => {
  const { url, close } = await listen(createServer(toNodeHandler(handler)));
  await tryOut(new CodexClient({ url }));
  close();
});

it.each([false, true])("works in Express, with a body parser before it: %s", async (isParsed) => {
  const app = express();
  if (isParsed) app.use(express.json({ limit: "1mb" }));
  app.use("/api/codex", toNodeHandler(handler));
  const { url, close } = await listen(createServer(app));
  await tryOut(new CodexClient({ url }));
  close();
});

it("works in Fastify", async () => {
  const app = fastify();
  const nodeHandler = toNodeHandler(handler);
  app.all("/api/codex/*", (request, reply) => {
    reply.hijack();
    nodeHandler(request.raw, reply.raw, request.body);
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  await tryOut(new CodexClient({ url: `http://127.0.0.1:${port}/api/codex` }));
  app.server.closeAllConnections();
  await app.close();
});

it("works in Hono, as in everything else that speaks the Fetch API", async () => {
  const app = new Hono();
  app.all("/api/codex/*", ({ req }) => handler(req.raw));
  const fetch = async (url: string, init: RequestInit) => app.request(url, init);
  await tryOut(new CodexClient({ url: "http://app.test/api/codex", fetch }));
});
