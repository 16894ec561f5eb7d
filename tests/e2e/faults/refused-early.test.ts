import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InvalidInputError } from "../../../src/index.ts";
import { failureOf, sharedServer } from "../../support/e2e.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });
const UNKNOWN = "01a21560-0000-7000-8000-000000000000";

describe("a cwd that isn't a directory is refused before anything is sent", () => {
  const odd = {
    "that does not exist": () => "/no/such/directory",
    "that is a file": () => {
      const file = join(server.cwd, "file.txt");
      writeFileSync(file, "");
      return file;
    },
    "that is relative and does not exist": () => "not/here",
  };
  test.each(Object.entries(odd))("by threadStart, %s", async (_what, make) => {
    const cwd = make();
    const before = (await server.codex.request("thread/loaded/list", {})).data.length;
    const error = await failureOf(server.codex.threadStart({ cwd }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain(cwd);
    expect((await server.codex.request("thread/loaded/list", {})).data).toHaveLength(before);
  });

  test.each(Object.entries(odd))("by turn and run, %s", async (_what, make) => {
    const cwd = make();
    const thread = await server.codex.threadStart();
    const asked = server.model.requests.length;
    for (const call of [() => thread.turn("hi", { cwd }), () => thread.run("hi", { cwd })]) {
      const error = await failureOf(call());
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error.message).toContain(cwd);
    }
    expect(server.model.requests).toHaveLength(asked);
    expect((await thread.run("next")).text).toBe("echo next");
  });

  test.each(Object.entries(odd))("by threadResume and threadFork, %s", async (_what, make) => {
    const cwd = make();
    const { codex } = server;
    const thread = await codex.threadStart();
    await thread.run("hi");
    const calls = [
      () => codex.threadResume(thread.id, { cwd }),
      () => codex.threadFork(thread.id, { cwd }),
    ];
    for (const call of calls) expect(await failureOf(call())).toBeInstanceOf(InvalidInputError);
  });
});

describe("a thread that doesn't exist is a ThreadNotFoundError", () => {
  const calls = {
    threadResume: () => server.codex.threadResume(UNKNOWN),
    threadFork: () => server.codex.threadFork(UNKNOWN),
    threadArchive: () => server.codex.threadArchive(UNKNOWN),
    threadUnarchive: () => server.codex.threadUnarchive(UNKNOWN),
    "thread/read": () => server.codex.request("thread/read", { threadId: UNKNOWN }),
    "thread/turns/list": () => server.codex.request("thread/turns/list", { threadId: UNKNOWN }),
    "thread/name/set": () =>
      server.codex.request("thread/name/set", { threadId: UNKNOWN, name: "name" }),
    "thread/queue/list": () => server.codex.request("thread/queue/list", { threadId: UNKNOWN }),
    "turn/start": () => server.codex.request("turn/start", { threadId: UNKNOWN, input: [] }),
  };
  test.each(Object.entries(calls))("by %s", async (_what, call) => {
    const error = await failureOf(call());
    expect([error.name, error.message]).toEqual([
      "ThreadNotFoundError",
      expect.stringContaining(UNKNOWN),
    ]);
  });

  test("one that never ran can't be resumed or forked", async () => {
    const { codex } = server;
    const { id } = await codex.threadStart();
    expect((await failureOf(codex.threadResume(id))).name).toBe("ThreadNotFoundError");
    expect((await failureOf(codex.threadFork(id))).name).toBe("ThreadNotFoundError");
  });

  test("one that is ephemeral can't be resumed either, and continues to run", async () => {
    const thread = await server.codex.threadStart({ ephemeral: true });
    await thread.run("hi");
    expect((await failureOf(server.codex.threadResume(thread.id))).name).toBe(
      "ThreadNotFoundError",
    );
    expect((await thread.run("next")).text).toBe("echo next");
  });
});
