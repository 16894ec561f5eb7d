import { describe, expect, it } from "vitest";
import { command, functionCall, Gate, text } from "../../../../src/testing/index.ts";
import { sharedServer } from "../../../support/e2e.ts";
import { ask, clientOf, ORIGIN, showsInClient } from "../../../support/handler.ts";
import { isOver } from "../../../support/live-timelines.ts";

import { as, everything, NO_THREAD, usersHandlers } from "../../../support/users-handler.ts";

const server = sharedServer({ approvals: "ask" });
const { handlerForUsers } = usersHandlers(server);

describe("another user's thread", () => {
  it("can't be seen, used or distinguished from one that doesn't exist", async () => {
    const handler = handlerForUsers();
    const alice = clientOf(handler, as("alice"));
    const thread = await alice.threadStart();
    const timeline = thread.timeline();
    const bobsEvents = await handler(new Request(`${ORIGIN}/events`, { headers: as("bob") }));
    const bobSaw = bobsEvents.text();
    const gate = new Gate();
    server.model.enqueue(
      command("echo secret", { escalate: "the secret plan" }),
      text(["The secret ", gate, "plan."]),
    );
    await thread.turn("A secret.");
    await showsInClient(timeline, (_view, { requests }) => requests.length > 0);
    const [request] = timeline.requests;
    const requestId = request?.id ?? "";

    for (const [index, [path, asked]] of everything(thread.id, requestId).entries()) {
      const answer = await ask(handler, path, { ...asked, headers: as("bob") });
      const [other = "", same] = everything(NO_THREAD, "none")[index] ?? [];
      const unknown = await ask(handler, other, { ...same, headers: as("bob") });
      expect(answer.status, path).toBe(path.startsWith("/requests") ? 404 : 403);
      expect(JSON.stringify(answer.body).replace(requestId, "none")).toBe(
        JSON.stringify(unknown.body),
      );
    }
    const get = async (path: string) => {
      const { body } = await ask(handler, path, { headers: as("bob") });
      return JSON.stringify(body);
    };
    expect(await get("/requests")).toBe('{"requests":[]}');
    for (const path of ["/threads", "/threads?search=secret", "/threads?limit=100"]) {
      expect(await get(path), path).toBe('{"threads":[],"cursor":null}');
    }
    expect((await alice.threadList({ search: "secret" })).threads.map(({ id }) => id)).toEqual([
      thread.id,
    ]);

    await alice.answer(requestId, "accept");
    await gate.reached;
    gate.open();
    await showsInClient(timeline, isOver(1));
    const late = await ask(handler, `/requests/${requestId}`, {
      ...{ headers: as("bob"), body: { optionId: "accept" } },
    });
    expect(late.body).toMatchObject({ error: { code: "UNKNOWN_REQUEST" } });
    const cursor = await ask(handler, `/threads/${thread.id}/turns?limit=1`, {
      headers: as("alice"),
    });
    timeline.close();
    handler.close();
    expect(cursor.status).toBe(200);
    expect(await bobSaw).toMatch(/^:\n\nid: \S+\.0\ndata: {"state":{"requests":\[\]}}\n\n$/);
  });

  it("isn't reached by the cursor of its history", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const [theirs, own] = [await alice.threadStart(), await bob.threadStart()];
    for (const thread of [theirs, own]) {
      for (const count of [1, 2]) {
        server.model.enqueue(thread === theirs ? "A secret." : "Nothing.");
        const timeline = thread.timeline();
        await thread.turn("Speak.");
        await showsInClient(timeline, isOver(count));
        timeline.close();
      }
    }
    const page = await ask(handler, `/threads/${theirs.id}/turns?limit=1`, {
      headers: as("alice"),
    });
    const { cursor } = page.body as { cursor: string };
    expect(cursor).toEqual(expect.any(String));
    const path = `/threads/${own.id}/turns?cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await ask(handler, path, { headers: as("bob") });
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(status).toBe(400);
    const agent = await ask(handler, `/threads/${own.id}/turns?agent=${theirs.id}`, {
      headers: as("bob"),
    });
    expect(agent.status).toBe(404);
  });
});

describe("a list of threads", () => {
  it("doesn't reveal whether other users' threads contain the text", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const say = async (client: typeof alice, words: string) => {
      const thread = await client.threadStart();
      const timeline = thread.timeline();
      server.model.enqueue("Noted.");
      await thread.turn(words);
      await showsInClient(timeline, isOver(1));
      timeline.close();
      return thread.id;
    };
    await say(alice, "My password is zebra-c");
    const first = await say(bob, "zebra-a zebra-b");
    await say(alice, "My password is zebra-a");
    const last = await say(bob, "zebra-a zebra-b zebra-c");
    const found = async (search: string, cursor?: string) => {
      const page = await bob.threadList({ search, limit: 1, cursor });
      return { ids: page.threads.map(({ id }) => id), cursor: page.cursor };
    };
    expect(await found("zebra-c")).toEqual({ ids: [last], cursor: null });
    for (const search of ["zebra-a", "zebra-b"]) {
      const page = await found(search);
      expect(page).toEqual({ ids: [last], cursor: expect.stringMatching(/^[\w-]{379}$/) });
      expect(await found(search, page.cursor ?? "")).toEqual({ ids: [first], cursor: null });
    }
    const { cursor } = await found("zebra-a");
    for (const wrong of ["", "nonsense", `A${cursor}`, "2026-11-26T09:50:02Z|x"]) {
      await expect(found("zebra-a", wrong), wrong).rejects.toMatchObject({ status: 400 });
    }
    await expect(found("zebra-b", cursor ?? "")).rejects.toMatchObject({ status: 400 });
  });
});

describe("another user's thread that a prompt makes the agent name", () => {
  it("doesn't become a sub-agent: nothing of it is shown, and nothing it asks can be answered", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const [theirs, own] = [await alice.threadStart(), await bob.threadStart()];
    const [theirView, ownView] = [theirs.timeline(), own.timeline()];
    server.model.enqueue("Hello.");
    await theirs.turn("Hi.");
    await showsInClient(theirView, isOver(1));

    const call = { namespace: "multi_agent_v1" };
    server.model.enqueue(
      functionCall("wait_agent", { targets: [theirs.id], timeout_ms: 10_000 }, call),
      "Done.",
    );
    await own.turn("Look at that thread.");
    const seen = await showsInClient(ownView, isOver(1));
    expect(seen.turns[0]?.entries).toContainEqual(
      expect.objectContaining({ kind: "subAgent", action: "wait", threadIds: [theirs.id] }),
    );

    server.model.enqueue(command("echo secret", { escalate: "the secret plan" }), "Done.");
    await theirs.turn("A secret.");
    await showsInClient(theirView, (_view, { requests }) => requests.length > 0);
    const requestId = theirView.requests[0]?.id ?? "";
    const asBob = { headers: as("bob") };
    expect((await ask(handler, "/requests", asBob)).body).toEqual({ requests: [] });
    const { body } = await ask(handler, `/threads/${own.id}`, asBob);
    expect(body).toMatchObject({ view: { agents: [] }, requests: [] });
    const turns = `/threads/${own.id}/turns?agent=${theirs.id}`;
    expect((await ask(handler, turns, asBob)).status).toBe(404);
    const answer = { ...asBob, body: { optionId: "accept" } };
    expect((await ask(handler, `/requests/${requestId}`, answer)).status).toBe(404);

    await alice.answer(requestId, "decline");
    await showsInClient(theirView, isOver(2));
    theirView.close();
    ownView.close();
  });
});

describe("an answer that the server stores for all threads", () => {
  const rule = "acceptWithExecpolicyAmendment";
  const touch = (index: number) =>
    command(`touch made-${index}`, { escalate: "to write", args: { prefix_rule: ["touch"] } });

  /** The request of a new thread, and its timeline. */
  async function asked(client: ReturnType<typeof clientOf>, index: number) {
    const thread = await client.threadStart();
    const timeline = thread.timeline();
    server.model.enqueue(touch(index), "Done.");
    await thread.turn("Write.");
    await showsInClient(timeline, (_view, { requests }) => requests.length > 0);
    const [request] = timeline.requests;
    const answer = async (option: string) => {
      await client.answer(request?.id ?? "", option);
      await showsInClient(timeline, isOver(1));
      timeline.close();
    };
    return { request, answer };
  }

  it("isn't offered to a page, and can't be chosen there", async () => {
    const handler = handlerForUsers();
    const [alice, bob] = [clientOf(handler, as("alice")), clientOf(handler, as("bob"))];
    const { request, answer } = await asked(alice, 1);
    expect(request?.options.map(({ id }) => id)).toEqual(["accept", "cancel"]);
    const listed = await ask(handler, "/requests", { headers: as("alice") });
    expect(listed.body).toEqual({ requests: [request] });
    const all = server.codex.requests.get(request?.id ?? "")?.options;
    expect(all?.map(({ id, lasting }) => [id, lasting])).toContainEqual([rule, true]);
    await expect(answer(rule)).rejects.toMatchObject({
      code: "INVALID_ANSWER",
      message: expect.stringContaining("all threads"),
    });
    await answer("accept");
    // The other user is asked.
    const other = await asked(bob, 2);
    await other.answer("accept");
  });

  it("can be chosen if the program allows it", async () => {
    const handler = handlerForUsers({ lastingAnswers: true });
    const { request, answer } = await asked(clientOf(handler, as("alice")), 3);
    expect(request?.options.map(({ id }) => id)).toEqual(["accept", rule, "cancel"]);
    await answer(rule);
  });
});

describe("a thread", () => {
  it("is the same thread if its id is written in another form", async () => {
    const asked: (string | undefined)[] = [];
    const handler = handlerForUsers({
      authorize: (_request, { kind, threadId }) => {
        asked.push(threadId);
        return kind !== "turn.steer";
      },
    });
    const { id } = await clientOf(handler, as("alice")).threadStart();
    const gate = new Gate();
    server.model.enqueue(text(["One", gate, "."]), "Two.");
    const turns = `/threads/${id}/turns`;
    await ask(handler, turns, { body: { input: "First." } });
    await gate.reached;
    // The server would add the message to the running turn, although this user may not steer it.
    const second = ask(handler, turns.replace(id, id.toUpperCase()), {
      body: { input: "Second." },
    });
    gate.open();
    expect(await second).toMatchObject({ status: 200, body: { steered: false } });
    expect(new Set(asked)).toEqual(new Set([undefined, id]));
    const shown = clientOf(handler).thread(id).timeline();
    // For a moment, the server lists a turn that starts as interrupted.
    await showsInClient(shown, (view) => JSON.stringify(view).includes("Two."));
    shown.close();
  });
});
