import { expect, test } from "vitest";
import { bench, syncClients } from "../../support/both-clients.ts";

const clients = syncClients(bench());

test("a timeline can be read at any time", () => {
  const thread = clients.shared.threadStart();
  using timeline = thread.timeline({ pageSize: 1 });
  expect(timeline.snapshot).toMatchObject({ threadId: thread.id, turns: [] });
  thread.run("one");
  thread.run("two");
  const kinds = () => timeline.snapshot.turns.map(({ entries }) => entries.map(({ kind }) => kind));
  const turn = ["userMessage", "assistant"];
  expect(kinds()).toEqual([turn, turn]);
  using again = thread.timeline({ pageSize: 1 });
  expect(again.snapshot).toMatchObject({ hasOlder: true, turns: [{}] });
  expect([again.loadOlder(), again.loadOlder()]).toEqual([true, false]);
  expect(again.snapshot.turns).toEqual(
    timeline.snapshot.turns.map((one) => ({ ...one, usage: null })),
  );
});

test("a timeline that is closed keeps its last snapshot", () => {
  const thread = clients.shared.threadStart();
  const timeline = thread.timeline();
  thread.run("one");
  timeline.close();
  timeline.close();
  thread.run("two");
  expect(timeline.snapshot.turns).toHaveLength(1);
});
