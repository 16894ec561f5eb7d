import type { ThreadItem } from "../protocol/index.ts";
import { isToolApproval } from "../requests/elicitation.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { ThreadTools } from "../thread/thread-tools.ts";
import type { AnnouncedItems } from "../turn/announced-items.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { isRecord } from "../util/describe.ts";
import { approvedToolCall } from "./tool-approval.ts";

/** The method of requests that don't contain the changes they ask for; only their items do. */
export const FILE_CHANGE = "item/fileChange/requestApproval";

const ELICITATION = "mcpServer/elicitation/request";

/** The subject of a request, as known when its line is read. */
export interface RequestSubject {
  readonly thread: ThreadState | undefined;
  readonly record: TurnRecord | undefined;
  /** Whether the turn was known to be this program's. */
  readonly isOurs: boolean;
  readonly item: ThreadItem | undefined;
  /** Whether the item was announced, and nothing has been missed since. */
  readonly isCurrent: boolean;
  readonly tools: ThreadTools | undefined;
}

export function subjectOf(request: ServerRequest, thread: ThreadState | undefined): RequestSubject {
  const turnId = turnIdOf(request);
  const announced = thread?.announcedIn(turnId);
  const item = announced && itemOf(request, candidates(request, announced));
  return {
    thread,
    record: thread?.turns.get(turnId),
    isOurs: thread?.family.isOthers(turnId) === false,
    item,
    isCurrent: item !== undefined && announced?.isCurrent(item) === true,
    tools: thread?.tools,
  };
}

/** The items that a request can be about. Only an elicitation doesn't name its item. */
function candidates({ method, params }: ServerRequest, announced: AnnouncedItems) {
  if (method === ELICITATION) return announced.all();
  const itemId = isRecord(params) ? params.itemId : undefined;
  return typeof itemId === "string" ? announced.named(itemId) : [];
}

export function turnIdOf({ params }: ServerRequest): string {
  return isRecord(params) && typeof params.turnId === "string" ? params.turnId : "";
}

/** Empty for a request that belongs to no thread. */
export function threadIdOf({ params }: ServerRequest): string {
  return isRecord(params) && typeof params.threadId === "string" ? params.threadId : "";
}

/**
 * The item that a request is about: the tool call that an elicitation asks to approve, otherwise
 * the one that it names.
 */
export function itemOf(
  { method, params }: ServerRequest,
  items: readonly ThreadItem[],
): ThreadItem | undefined {
  if (method === ELICITATION) return approvedToolCall(params, items);
  const itemId = isRecord(params) ? params.itemId : undefined;
  const named = items.filter(({ id }) => id === itemId);
  if (method !== FILE_CHANGE) return named.at(-1);
  // The model can use an id again, and the changes of another call must not be shown for this one.
  const [open, ...more] = named.filter(isOpen);
  return more.length === 0 ? open : undefined;
}

function isOpen(item: ThreadItem): boolean {
  const status: unknown = "status" in item ? item.status : undefined;
  return typeof status !== "string" || status === "inProgress";
}

/**
 * Whether a request can only be understood with its item: which files it changes, or whether it
 * belongs to a tool call.
 */
export function needsItem({ method, params }: ServerRequest): boolean {
  if (method === FILE_CHANGE) return true;
  return method === ELICITATION && isToolApproval(params);
}
