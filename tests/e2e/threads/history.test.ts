import { describe, expect, test } from "vitest";
import { startScripted, text } from "../../../src/testing/index.ts";
import { collect, collectWarnings, sharedServer } from "../../support/e2e.ts";
import { family, SUB_AGENTS, spawnAgent, waitForAgents } from "../../support/sub-agents.ts";

const server = sharedServer();

async function threadOf(...words: readonly string[]) {
  const thread = await server.codex.threadStart();
  for (const word of words) {
    server.model.enqueue(`answer to ${word}`);
    await thread.run(word);
  }
  return thread;
}

const wordsOf = (turns: readonly { items: readonly object[] }[]) =>
  turns.map(({ items }) => JSON.stringify(items).match(/answer to (\w+)/)?.[1]);

describe("the history of a thread", () => {
  test("is listed in both directions, over several pages", async () => {
    const thread = await threadOf("one", "two", "three");
    expect(wordsOf(await collect(thread.turns({ limit: 2 })))).toEqual(["one", "two", "three"]);
    const newest = await collect(thread.turns({ limit: 2, sortDirection: "desc" }));
    expect(wordsOf(newest)).toEqual(["three", "two", "one"]);
    const items = await collect(thread.items({ limit: 2 }));
    expect(items.map(({ item }) => item.type)).toEqual(
      Array(3).fill(["userMessage", "agentMessage"]).flat(),
    );
    expect(new Set(items.map(({ turnId }) => turnId)).size).toBe(3);
  });

  test("is empty before the first turn", async () => {
    const thread = await server.codex.threadStart();
    expect(await collect(thread.turns())).toEqual([]);
    expect(await collect(thread.items())).toEqual([]);
  });

  test("of an ephemeral thread can't be listed", async () => {
    const thread = await server.codex.threadStart({ ephemeral: true });
    await expect(collect(thread.turns())).rejects.toThrow("ephemeral");
    await expect(collect(thread.items())).rejects.toThrow("not supported");
  });

  test("is cut before a turn, or by a number of turns", async () => {
    const thread = await threadOf("one", "two", "three", "four");
    await thread.rollback(1);
    expect(wordsOf(await collect(thread.turns()))).toEqual(["one", "two", "three"]);
    const [, second] = await collect(thread.turns());
    await thread.revert(second?.id ?? "");
    expect(wordsOf(await collect(thread.turns()))).toEqual(["one"]);
    server.model.enqueue("after");
    await thread.run("again");
    const sent = JSON.stringify(server.model.requests.at(-1)?.body);
    expect(sent).toContain("answer to one");
    expect(sent).not.toContain("answer to two");
    await expect(thread.rollback(9)).rejects.toThrow("has 2 turns, fewer than 9");
    await expect(thread.rollback(0)).rejects.toThrow(RangeError);
  });

  test("is found by its text", async () => {
    const thread = await threadOf("xylophone");
    const found = await collect(server.codex.searchThreads("xylophone"));
    expect(found.map(({ thread: { id } }) => id)).toEqual([thread.id]);
    expect(found[0]?.snippet).toContain("xylophone");
  });

  test("is deleted with the thread", async () => {
    const thread = await threadOf("one");
    expect(await collect(server.codex.loadedThreads())).toContain(thread.id);
    await thread.delete();
    await expect(server.codex.threadResume(thread.id)).rejects.toThrow(thread.id);
    const other = await threadOf("one");
    await server.codex.threadDelete(other.id);
    await expect(server.codex.threadResume(other.id)).rejects.toThrow(other.id);
  });
});

test("settings of a thread apply to its later turns, and metadata is stored", async () => {
  const thread = await threadOf("one");
  await thread.updateSettings({ effort: "low" });
  server.model.enqueue("low");
  await thread.run("two");
  expect(server.model.requests.at(-1)?.body).toMatchObject({ reasoning: { effort: "low" } });
  const { thread: stored } = await thread.updateMetadata({ gitInfo: { branch: "topic" } });
  expect(stored.gitInfo).toMatchObject({ branch: "topic" });
});

test("the agents of a thread are a tree, and their tokens can be counted", async () => {
  let asked = 0;
  await using s = await startScripted({
    config: SUB_AGENTS,
    onWarning: collectWarnings().onWarning,
    script: family(
      () => [spawnAgent("helper"), waitForAgents(), text("all done")][asked++] ?? "later",
      () => "child done",
    ),
  });
  const thread = await s.codex.threadStart();
  expect(await thread.agents()).toEqual([]);
  expect(thread.usage()).toBeUndefined();
  await thread.run("go");
  const [agent, ...others] = await thread.agents();
  expect(others).toEqual([]);
  expect(agent).toMatchObject({ path: "/root/helper", name: "helper", state: "idle", agents: [] });
  const alone = thread.usage()?.totalTokens ?? 0;
  const all = thread.usage({ withAgents: true })?.totalTokens ?? 0;
  expect(alone).toBeGreaterThan(0);
  expect(all).toBe(alone + (agent?.usage?.total.totalTokens ?? Number.NaN));
});
