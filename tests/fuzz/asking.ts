import type { Ask } from "./asks.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { completeItem, startItem } from "./parts.ts";
import { type ApprovalKind, judgeApproval } from "./policy.ts";
import type { Steps } from "./turn-life.ts";
import type { WorldThread } from "./world.ts";
import type { WorldTurn } from "./world-turn.ts";

/**
 * A turn waits this long for an answer, and then continues without it. The client may need 15 seconds to learn whose
 * turn it is.
 */
const MAX_WAIT_MS = 20_000;
/** A client that has reconnected resumes its threads within this time. */
const RESUMED_MS = 5_000;

interface Question {
  readonly method: string;
  /** The item that it is about, which was announced before. */
  readonly itemType?: string;
  readonly item?: object;
  readonly approval?: ApprovalKind;
  readonly params?: object;
}

const MCP_CALL = { server: "files", tool: "share", arguments: { path: "/tmp" } };

/** The server's request about that call, which doesn't name the item. */
const MCP_APPROVAL = {
  ...{ serverName: "files", mode: "form", itemId: null, callId: null },
  message: 'Allow the files MCP server to run tool "share"?',
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_params: MCP_CALL.arguments },
};

const QUESTIONS: readonly Question[] = [
  {
    method: "item/commandExecution/requestApproval",
    itemType: "commandExecution",
    approval: "command",
  },
  { method: "item/fileChange/requestApproval", itemType: "fileChange", approval: "fileChange" },
  {
    method: "item/permissions/requestApproval",
    approval: "permissions",
    params: { permissions: { network: { enabled: true }, fileSystem: null } },
  },
  // The request of older servers.
  { method: "execCommandApproval", approval: "command", params: { command: ["echo"] } },
  {
    ...{ method: "mcpServer/elicitation/request", approval: "mcpTool", params: MCP_APPROVAL },
    ...{ itemType: "mcpToolCall", item: MCP_CALL },
  },
  { method: "mcpServer/elicitation/request", params: { mode: "form", message: "Who?" } },
  { method: "item/tool/call", itemType: "dynamicToolCall" },
  { method: "item/tool/call", itemType: "dynamicToolCall" },
  { method: "item/tool/requestUserInput", params: { questions: [] } },
  { method: "currentTime/read" },
];

/** Asks the client for an approval, a tool's result, or something that no client knows. */
export function* ask(server: MisbehavingServer, thread: WorldThread, turn: WorldTurn): Steps {
  const { random, world } = server;
  if (!server.line?.subscribed.has(thread.id)) {
    yield 5;
    return;
  }
  const question: Question = server.roll("unknownRequests")
    ? { method: "brand/newRequest" }
    : random.pick(QUESTIONS);
  const type = question.itemType;
  const wire = {
    ...{ id: world.nextItemId(), type: type ?? "", status: "inProgress" },
    ...question.item,
  };
  const item = type === undefined ? undefined : startItem(server, thread, turn, wire);
  yield (goOn) => send(server, thread, turn, question, item?.id ?? null, goOn);
  if (item) completeItem(server, thread, turn, item, { status: "completed" });
}

function send(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  question: Question,
  itemId: string | null,
  whenAnswered: () => void,
): void {
  const { asks, clock, random, line } = server;
  if (!line) {
    clock.after(5, whenAnswered);
    return;
  }
  let waits = true;
  const goOn = () => {
    if (waits) clock.after(0, whenAnswered);
    if (waits && question.approval && made.answers > 0) resolve(server, thread, made);
    waits = false;
  };
  if (question.approval) tellFlags(server, thread, ["waitingOnApproval"]);
  const about = { threadId: thread.id, turnId: turn.id, itemId, callId: itemId };
  const call = { tool: "add", namespace: null, arguments: { a: asks.nextAskId } };
  const made = asks.make({
    ...{ connection: line.id, threadId: thread.id, turnId: turn.id, goOn },
    method: question.method,
    params: { ...about, ...(question.method === "item/tool/call" && call), ...question.params },
    judge: (answer, askId) => judge(server, thread, turn, question, { askId, itemId }, answer),
  });
  server.send(made.message);
  if (server.roll("withdraws")) {
    clock.after(random.between(0, 30), () => {
      if (made.answers > 0 || made.over) return;
      asks.takeBack(made);
      server.tell(thread, "serverRequest/resolved", { requestId: made.id });
    });
  }
  clock.after(MAX_WAIT_MS, () => {
    // Requests of another client's turn can be answered by that client.
    if (!turn.isOthers) complain(server, thread, made);
    asks.takeBack(made);
  });
}

/** What happens after the answer to an approval. */
function resolve(server: MisbehavingServer, thread: WorldThread, { id }: Ask): void {
  server.tell(thread, "serverRequest/resolved", { requestId: id });
  if (thread.active) tellFlags(server, thread, []);
}

function tellFlags(server: MisbehavingServer, thread: WorldThread, activeFlags: string[]): void {
  server.tellAll(thread, "thread/status/changed", { status: { type: "active", activeFlags } });
}

function judge(
  server: MisbehavingServer,
  thread: WorldThread,
  turn: WorldTurn,
  { method, approval }: Question,
  { askId, itemId }: { readonly askId: number; readonly itemId: string | null },
  answer: object,
): string | undefined {
  const { policy } = server;
  if (!policy) return undefined;
  // Unless the client knows the call, this request can't be distinguished from a question to the
  // user.
  const isKnown = server.announced.has(itemId ?? "") && server.isHeld(thread);
  // Requests about a turn that the user has given up are refused.
  const { givenUp } = server.traffic;
  const isGivenUp = policy.mayAsk && (givenUp.has(turn.startedId) || givenUp.has(thread.id));
  const mustKnow = !isGivenUp && (approval !== "mcpTool" || isKnown);
  if (approval) return judgeApproval(policy, approval, askId, answer, mustKnow);
  if (method !== "item/tool/call" || !thread.hasTools || policy.called.has(askId)) return undefined;
  if (!server.isServed(thread)) return undefined;
  return `[tools] a call on ${thread.id} did not reach its tool: ${JSON.stringify(answer)}`;
}

/** Reports a request that the client received, or would have received, and didn't answer. */
function complain(server: MisbehavingServer, thread: WorldThread, ask: Ask): void {
  const { line, asks, traffic, clock } = server;
  if (!line || !asks.isOwed(ask)) return;
  const what = JSON.stringify(ask.message);
  if (ask.connection === line.id) {
    server.fault(`[unanswered] no answer to ${what}`);
    return;
  }
  const hadTime = clock.now - line.openedAt > RESUMED_MS && traffic.unhelpful === 0;
  const canResume = thread.written(clock.now - RESUMED_MS).length > 0;
  const isKnown = thread.activityId === undefined || server.announced.has(thread.activityId);
  if (hadTime && canResume && isKnown && server.isHeld(thread)) {
    server.fault(
      `[deaf] ${thread.id} wasn't resumed although it is waiting for an answer to ${what}`,
    );
  }
}
