import type { ThreadTokenUsage, TokenUsageBreakdown } from "../protocol/index.ts";
import { isRefusal } from "../thread/history.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import { isRecord } from "../util/describe.ts";
import { pages } from "./pages.ts";
import { spawnerOf, spawnOf } from "./spawner.ts";

/** A sub-agent of a thread. Each sub-agent is a thread itself. */
export interface Agent {
  readonly threadId: string;
  /** The agent's path in the tree, such as "/root/tests". */
  readonly path: string | undefined;
  /** The name that the agent's parent gave it: the last part of `path`. */
  readonly name: string | undefined;
  /** The name that the server shows to users. */
  readonly nickname: string | undefined;
  readonly role: string | undefined;
  /** The beginning of the agent's task, if the server has stored it. */
  readonly task: string | undefined;
  readonly state: "active" | "idle" | "notLoaded" | "systemError" | "unknown";
  readonly model: string | undefined;
  /** The tokens that the agent has used, excluding its own sub-agents, as last reported to this client. */
  readonly usage: ThreadTokenUsage | undefined;
  readonly agents: readonly Agent[];
}

/** Levels of sub-agents; more than any server allows. */
const MAX_DEPTH = 64;

type Ask = (method: string, params: object, options: RequestOptions) => Promise<unknown>;

type ThreadRecord = Readonly<Record<string, unknown>> & { readonly id: string };

const KINDS = [
  "subAgent",
  "subAgentReview",
  "subAgentCompact",
  "subAgentThreadSpawn",
  "subAgentOther",
];

/**
 * The sub-agents of a thread as a tree: the ones that the server has stored, and the ones seen
 * live.
 */
export async function agentsOf(
  thread: ThreadState,
  ask: Ask,
  options: RequestOptions,
): Promise<Agent[]> {
  const seen = descendants(thread);
  const listed = new Map(
    (await listDescendants(thread.id, ask, options)).map((one) => [one.id, one]),
  );
  const unlisted = [...seen.keys()].filter((id) => !listed.has(id));
  for (const one of await Promise.all(unlisted.map((id) => readThread(id, ask, options)))) {
    listed.set(one.id, one);
  }
  // A thread that is reported as its own descendant would cause an endless loop.
  listed.delete(thread.id);
  const children = new Map<string | undefined, ThreadRecord[]>();
  for (const one of listed.values()) {
    const parent = parentOf(one, seen);
    const siblings = children.get(parent);
    if (siblings) siblings.push(one);
    else children.set(parent, [one]);
  }
  const treeBelow = (parentId: string, depth: number): Agent[] =>
    (depth < MAX_DEPTH ? (children.get(parentId) ?? []) : []).map((one) =>
      agentFrom(one, seen.get(one.id)?.profile.usage, treeBelow(one.id, depth + 1)),
    );
  return treeBelow(thread.id, 0);
}

/**
 * The tokens that a thread has used, as last reported to this client, optionally including its
 * sub-agents.
 */
export function usageOf(
  thread: ThreadState,
  { withAgents = false }: { readonly withAgents?: boolean | undefined } = {},
): TokenUsageBreakdown | undefined {
  const threads = withAgents ? [thread, ...descendants(thread).values()] : [thread];
  const totals = threads.flatMap(({ profile: { usage } }) => (usage ? [usage.total] : []));
  return totals.length === 0 ? undefined : totals.reduce(sum);
}

function sum(one: TokenUsageBreakdown, other: TokenUsageBreakdown): TokenUsageBreakdown {
  const entries = Object.entries(one).map(([name, value]) => {
    const more = (other as unknown as Record<string, unknown>)[name];
    return [name, typeof value === "number" && typeof more === "number" ? value + more : value];
  });
  return Object.fromEntries(entries) as TokenUsageBreakdown;
}

function descendants(thread: ThreadState): Map<string, ThreadState> {
  const all = new Map<string, ThreadState>();
  const add = (one: ThreadState) => {
    for (const child of one.family.agents) {
      if (all.has(child.id)) continue;
      all.set(child.id, child);
      add(child);
    }
  };
  add(thread);
  return all;
}

async function listDescendants(
  ancestorThreadId: string,
  ask: Ask,
  options: RequestOptions,
): Promise<ThreadRecord[]> {
  const params = { ancestorThreadId, sourceKinds: KINDS };
  const listed = pages<unknown>("thread/list", undefined, (cursor) =>
    ask("thread/list", { ...params, cursor }, options),
  );
  const all: ThreadRecord[] = [];
  try {
    for await (const one of listed) if (isThreadRecord(one)) all.push(one);
  } catch (error) {
    // Older servers list no descendants: use the ones seen live.
    if (!isRefusal(error)) throw error;
  }
  // A server that doesn't know the filter lists all threads.
  return all.filter((one) => parentNamed(one) !== undefined);
}

async function readThread(id: string, ask: Ask, options: RequestOptions): Promise<ThreadRecord> {
  try {
    const answer = await ask("thread/read", { threadId: id }, options);
    const thread = isRecord(answer) ? answer.thread : undefined;
    if (isThreadRecord(thread)) return thread;
  } catch (error) {
    // Only its id is known.
    if (!isRefusal(error)) throw error;
  }
  return { id };
}

function agentFrom(
  thread: ThreadRecord,
  usage: ThreadTokenUsage | undefined,
  agents: readonly Agent[],
): Agent {
  const spawn = spawnOf(thread.source);
  const path = text(spawn.agent_path);
  const { status } = thread;
  return {
    threadId: thread.id,
    path,
    name: path?.split("/").at(-1),
    nickname: text(thread.agentNickname) ?? text(spawn.agent_nickname),
    role: text(thread.agentRole) ?? text(spawn.agent_role),
    task: text(thread.preview),
    state: stateOf(isRecord(status) ? status.type : undefined),
    model: text(thread.model),
    usage,
    agents,
  };
}

const STATES = ["active", "idle", "notLoaded", "systemError"] as const;

function stateOf(type: unknown): Agent["state"] {
  return STATES.find((state) => state === type) ?? "unknown";
}

function parentOf(thread: ThreadRecord, seen: Map<string, ThreadState>): string | undefined {
  return seen.get(thread.id)?.family.parent?.id ?? parentNamed(thread);
}

/**
 * The parent according to the server's record: the thread that its source names as the one that
 * started it. `parentThreadId` is less reliable, because the server lists a thread below each agent
 * that has loaded it.
 */
function parentNamed({ source, parentThreadId }: ThreadRecord): string | undefined {
  return spawnerOf(source) ?? text(parentThreadId);
}

function isThreadRecord(value: unknown): value is ThreadRecord {
  return isRecord(value) && typeof value.id === "string";
}

/** The value if it is a non-empty string. */
function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
