import { expect, test } from "vitest";
import type { FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { runningTurn, threadIs } from "../../support/running-turn.ts";

const refused = (request: FakeRequest, what: string) =>
  request.fail(-32600, `${what} requires experimentalApi capability`);

/** A server that offers less to clients without the experimental API, as 0.144 does. */
async function limited() {
  const scene = await runningTurn({ experimentalApi: false });
  for (const method of ["thread/resume", "thread/fork"]) {
    scene.server.answer(method, (params, request) =>
      "excludeTurns" in params ? refused(request, `${method}.excludeTurns`) : threadIs("active"),
    );
  }
  scene.server.answer("thread/turns/list", (_params, request) =>
    refused(request, "thread/turns/list"),
  );
  return scene;
}

test("a turn continues on the next connection, if the server lists no turns", async () => {
  const { server, codex, turn } = await limited();
  const item = { type: "agentMessage", id: "m1", text: "all of it", phase: null };
  server.answer("thread/read", () => {
    const done = { id: "u1", status: "completed", items: [item], error: null };
    return { thread: { ...threadIs("idle").thread, turns: [done] } };
  });
  server.disconnect();
  expect((await turn.run()).text).toBe("all of it");
  await codex.close();
});

test("a thread is resumed and forked with its history, if the server can't leave that out", async () => {
  const { codex } = await limited();
  expect((await codex.threadResume("t1")).id).toBe("t1");
  expect((await codex.threadFork("t1")).id).toBe("t1");
  await codex.close();
});
