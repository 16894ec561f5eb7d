// What an app-server writes during a turn, with the fields in the order that was recorded from the
// real one. A test compares it with the protocol's schema and with a real server's traffic.
import { randomUUID } from "node:crypto";

const SECONDS = Math.floor(Date.now() / 1000);
const MILLISECONDS = SECONDS * 1000;
const CWD = "/home/user/project";
const MODEL = { model: "gpt-5.5", modelProvider: "scripted" };

/**
 * The texts of the deltas: as long as a model's tokens, some with escapes, one in 500 not ASCII.
 */
export const TOKENS = tokens();

export function initializeResult() {
  return {
    userAgent: "replay/0.169.0 (Linux; x86_64) dumb (replay; 1)",
    codexHome: "/home/user/.codex",
    platformFamily: "unix",
    platformOs: "linux",
  };
}

export function threadStartResult(threadId) {
  return {
    thread: thread(threadId),
    ...MODEL,
    serviceTier: null,
    disabledPluginIds: [],
    cwd: CWD,
    runtimeWorkspaceRoots: [CWD],
    instructionSources: [],
    approvalPolicy: "never",
    approvalsReviewer: "user",
    sandbox: { type: "dangerFullAccess" },
    activePermissionProfile: null,
    reasoningEffort: null,
    multiAgentMode: "explicitRequestOnly",
  };
}

export function turnStartResult(turnId) {
  return { turn: turn(turnId, { startedAt: null }) };
}

export function threadStarted(threadId) {
  return notification("thread/started", { thread: thread(threadId) });
}

/** The messages before the agent's first item. */
export function opening({ threadId, turnId, text }) {
  const userMessage = (completedAtMs) => ({
    type: "userMessage",
    id: randomUUID(),
    clientId: null,
    content: [{ type: "text", text, text_elements: [] }],
    startedAtMs: MILLISECONDS,
    completedAtMs,
  });
  return [
    statusChanged(threadId, { type: "active", activeFlags: [] }),
    notification("turn/started", { threadId, turn: turn(turnId, {}) }),
    itemStarted({ threadId, turnId }, userMessage(null)),
    itemCompleted({ threadId, turnId }, userMessage(MILLISECONDS)),
  ];
}

/** The messages after the agent's last item. */
export function closing({ threadId, turnId, finalItem }) {
  const tokenCount = {
    totalTokens: 15,
    inputTokens: 10,
    cachedInputTokens: 0,
    cacheWriteInputTokens: 0,
    outputTokens: 5,
    reasoningOutputTokens: 0,
  };
  return [
    notification("thread/tokenUsage/updated", {
      threadId,
      turnId,
      tokenUsage: { total: tokenCount, last: tokenCount, modelContextWindow: 258_400 },
    }),
    statusChanged(threadId, { type: "idle" }),
    notification("turn/completed", {
      threadId,
      turn: turn(turnId, {
        items: [finalItem],
        itemsView: "summary",
        status: "completed",
        completedAt: SECONDS,
        durationMs: 100,
      }),
    }),
  ];
}

/** An item that is streamed: when it starts, the method of its deltas, and when it is completed. */
export function streamedItem(kind) {
  return kind === "command" ? commandExecution() : agentMessage();
}

export function itemStarted({ threadId, turnId }, item) {
  return notification("item/started", { item, threadId, turnId, startedAtMs: MILLISECONDS });
}

export function itemCompleted({ threadId, turnId }, item) {
  return notification("item/completed", {
    item,
    threadId,
    turnId,
    contentTokenCount: null,
    completedAtMs: MILLISECONDS,
  });
}

export function delta({ threadId, turnId }, { method, itemId }, text) {
  return notification(method, { threadId, turnId, itemId, delta: text });
}

function agentMessage() {
  const id = `msg_${hex()}`;
  const item = (text, completedAtMs) => ({
    type: "agentMessage",
    moderation: null,
    id,
    text,
    phase: null,
    memoryCitation: null,
    delivery: null,
    questions: null,
    startedAtMs: MILLISECONDS,
    completedAtMs,
  });
  return {
    method: "item/agentMessage/delta",
    itemId: id,
    started: item("", null),
    completed: (text) => item(text, MILLISECONDS),
  };
}

/**
 * The server returns the first and the last 512 KiB of an output over 1 MiB; here it is truncated
 * to 1 MiB.
 */
const MAX_OUTPUT = 1024 * 1024;

function commandExecution() {
  const id = `call_${hex()}`;
  const item = (output, end) => ({
    type: "commandExecution",
    id,
    pluginId: null,
    scriptPath: null,
    command: "/bin/bash -lc 'cat log.txt'",
    cwd: CWD,
    processId: "48632",
    source: "unifiedExecStartup",
    status: end ? "completed" : "inProgress",
    commandActions: [{ type: "unknown", command: "cat log.txt" }],
    aggregatedOutput: output,
    exitCode: end ? 0 : null,
    durationMs: end ? 71 : null,
    startedAtMs: MILLISECONDS,
    completedAtMs: end ? MILLISECONDS : null,
  });
  return {
    method: "item/commandExecution/outputDelta",
    itemId: id,
    started: item(null, false),
    completed: (output) => item(output.slice(0, MAX_OUTPUT), true),
  };
}

function notification(method, params) {
  return { method, params, emittedAtMs: MILLISECONDS };
}

function statusChanged(threadId, status) {
  return notification("thread/status/changed", { threadId, status });
}

function turn(id, known) {
  return {
    id,
    rootTurnId: id,
    items: [],
    itemsView: "notLoaded",
    status: "inProgress",
    error: null,
    startedAt: SECONDS,
    completedAt: null,
    durationMs: null,
    ...known,
  };
}

function thread(id) {
  return {
    id,
    environments: [{ environmentId: "local", cwd: CWD, runtimeWorkspaceRoots: [CWD] }],
    extra: null,
    sessionId: id,
    forkedFromId: null,
    attachedToThreadId: null,
    parentThreadId: null,
    preview: "",
    ephemeral: false,
    section: null,
    sectionEnteredAt: null,
    projectId: null,
    historyMode: "paginated",
    modelProvider: MODEL.modelProvider,
    model: MODEL.model,
    reasoningEffort: null,
    createdAt: SECONDS,
    updatedAt: SECONDS,
    recencyAt: SECONDS,
    status: { type: "idle" },
    path: `/home/user/.codex/sessions/2026/01/31/rollout-2026-01-31T12-00-00-${id}.jsonl`,
    cwd: CWD,
    cliVersion: "0.169.0",
    originator: "replay",
    source: "vscode",
    canAcceptDirectInput: true,
    threadSource: null,
    agentNickname: null,
    agentRole: null,
    gitInfo: null,
    name: null,
    daybreakEnabled: null,
    turns: [],
  };
}

function hex() {
  return randomUUID().replaceAll("-", "");
}

function tokens() {
  const passage =
    "The| test| fails| because| `|parse|Line|`| drops| the| last| line| when| it| has| no| newline|.|\n\n" +
    '```|ts|\n|if| (|rest| !==| "|") {|\n|  |emit|(|rest|);|\n|}|\n|```|\n\n| I|\'ll| add| that| branch|,| then| run| the| suite| again|.';
  const words = passage.split("|");
  const all = Array.from({ length: 500 }, (_, index) => words[index % words.length]);
  all[250] = " café";
  return all;
}
