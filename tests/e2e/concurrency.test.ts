import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Gate, text } from "../../src/testing/index.ts";
import { collect, sharedServer } from "../support/e2e.ts";

const THREADS = 20;
const TURNS = 10;

const server = sharedServer({
  script: ({ userText }) => text(["echo ", ...userText.split("")]),
});

const range = (length: number) => Array.from({ length }, (_, n) => n);

test("200 turns over 20 threads at once: each result has its own text", async () => {
  const { codex } = server;
  const completed: string[] = [];
  using _listening = codex.on("turn/completed", ({ turn }) => completed.push(turn.id));
  const threads = await Promise.all(range(THREADS).map(() => codex.threadStart()));
  const running = threads.flatMap((thread, t) =>
    range(TURNS).map(async (n) => ({ t, n, thread, result: await thread.run(`${t}/${n}`) })),
  );
  const results = await Promise.all(running);
  for (const { t, n, thread, result } of results) {
    expect(result).toMatchObject({ status: "completed", text: `echo ${t}/${n}` });
    expect(result.threadId).toBe(thread.id);
    expect(result.items).toMatchObject([
      { type: "userMessage", content: [{ text: `${t}/${n}` }] },
      { type: "agentMessage", text: `echo ${t}/${n}` },
    ]);
  }
  const ids = results.map(({ result }) => result.turnId);
  expect(new Set(ids).size).toBe(THREADS * TURNS);
  expect(completed.toSorted()).toEqual(ids.toSorted());
  expect(server.warnings).toEqual([]);
});

test("streams of many threads at once each have their own deltas", async () => {
  const { codex } = server;
  const threads = await Promise.all(range(THREADS).map(() => codex.threadStart()));
  const streams = threads.map(async (thread, t) => {
    const turn = await thread.turn(`thread ${t}`);
    return (await collect(turn.textStream())).join("");
  });
  expect(await Promise.all(streams)).toEqual(range(THREADS).map((t) => `echo thread ${t}`));
});

test("500 requests at once are all answered, while a turn is held", async () => {
  const { codex, model } = server;
  const gate = new Gate();
  model.enqueue(text(["held", gate]));
  const thread = await codex.threadStart();
  const turn = await thread.turn("hold");
  await gate.reached;
  const answers = await Promise.all(range(500).map(() => codex.modelList({ limit: 1 })));
  expect(answers.every(({ data }) => data.length === 1)).toBe(true);
  gate.open();
  expect((await turn.run()).text).toBe("held");
});

test("one signal shared by 20 runs has few listeners, and causes no warning", async () => {
  const { signal } = new AbortController();
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  let most = 0;
  const threads = await Promise.all(range(20).map(() => server.codex.threadStart()));
  const runs = threads.map(async (thread) => {
    const turn = await thread.turn("hi", { signal });
    for await (const _ of turn.stream({ signal })) {
      most = Math.max(most, getEventListeners(signal, "abort").length);
    }
    return turn.run({ signal });
  });
  await Promise.all(runs);
  await new Promise(setImmediate);
  process.off("warning", note);
  expect(warnings).toEqual([]);
  expect(most).toBe(1);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
