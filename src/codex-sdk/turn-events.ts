import type { Notification } from "../client/notifications.ts";
import type {
  ThreadItem as NativeItem,
  Turn as NativeTurn,
  ThreadTokenUsage,
  TurnError,
  TurnPlanStep,
} from "../protocol/index.ts";
import { convertItem, type ItemBody } from "./convert-item.ts";
import type { ThreadEvent, Usage } from "./events.ts";
import type { ThreadItem, TodoListItem } from "./items.ts";

/** Converts the notifications of one turn to the events of one run. */
export class TurnEvents {
  #items = 0;
  /** The ids of items that have started, by their native id. */
  readonly #started = new Map<string, string>();
  #todoList: TodoListItem | undefined;
  #usage: Usage = NO_USAGE;
  #lastError = "turn failed";

  /** The events for a notification, in order. */
  accept(notification: Notification): ThreadEvent[] {
    switch (notification.method) {
      case "turn/started":
        return [{ type: "turn.started" }];
      case "item/started":
        return this.#itemStarted(notification.params.item);
      case "item/completed":
        return this.#itemCompleted(notification.params.item);
      case "turn/plan/updated":
        return [this.#planUpdated(notification.params.plan)];
      case "thread/tokenUsage/updated":
        this.#usage = usageOf(notification.params.tokenUsage);
        return [];
      case "error":
        this.#lastError = messageOf(notification.params.error);
        return [{ type: "error", message: this.#lastError }];
      case "model/rerouted": {
        const { fromModel, toModel, reason } = notification.params;
        return [this.problem(`model rerouted: ${fromModel} -> ${toModel} (${reason})`)];
      }
      case "turn/completed":
        return this.#turnCompleted(notification.params.turn);
      default:
        return [];
    }
  }

  /** The event for a problem that doesn't end the turn. */
  problem(message: string): ThreadEvent {
    return { type: "item.completed", item: { id: this.#newId(), type: "error", message } };
  }

  #itemStarted(native: NativeItem): ThreadEvent[] {
    if (native.type === "agentMessage" || native.type === "reasoning") return [];
    const body = convertItem(native);
    if (body === undefined) return [];
    const id = this.#started.get(native.id) ?? this.#idOf(native);
    this.#started.set(native.id, id);
    return [{ type: "item.started", item: itemOf(id, body) }];
  }

  #itemCompleted(native: NativeItem): ThreadEvent[] {
    const body = convertItem(native);
    if (body === undefined) return [];
    const id = this.#started.get(native.id) ?? this.#idOf(native);
    this.#started.delete(native.id);
    return [{ type: "item.completed", item: itemOf(id, body) }];
  }

  #planUpdated(plan: readonly TurnPlanStep[]): ThreadEvent {
    const items = plan.map(({ step, status }) => ({
      text: step,
      completed: status === "completed",
    }));
    const type = this.#todoList ? "item.updated" : "item.started";
    this.#todoList = { id: this.#todoList?.id ?? this.#newId(), type: "todo_list", items };
    return { type, item: this.#todoList };
  }

  #turnCompleted({ status, error, items }: NativeTurn): ThreadEvent[] {
    const todoList: ThreadEvent[] = this.#todoList
      ? [{ type: "item.completed", item: this.#todoList }]
      : [];
    const late = items
      .filter((item) => this.#started.has(item.id))
      .flatMap((item) => this.#itemCompleted(item));
    return [...todoList, ...late, ...this.#end(status, error)];
  }

  /** The turn's last event. An interrupted turn has none: the run throws. */
  #end(status: NativeTurn["status"], error: TurnError | null): ThreadEvent[] {
    if (status === "completed") return [{ type: "turn.completed", usage: this.#usage }];
    if (status !== "failed") return [];
    const message = error ? messageOf(error) : this.#lastError;
    return [{ type: "turn.failed", error: { message } }];
  }

  /** The item's id in the run. `codex exec` increases the number for web searches too, but shows their own ids. */
  #idOf({ type, id }: NativeItem): string {
    const counted = this.#newId();
    return type === "webSearch" ? id : counted;
  }

  #newId(): string {
    return `item_${this.#items++}`;
  }
}

function itemOf(id: string, body: ItemBody): ThreadItem {
  return { id, ...body } as unknown as ThreadItem;
}

const NO_USAGE: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
};

function usageOf({ total }: ThreadTokenUsage): Usage {
  return {
    input_tokens: total.inputTokens,
    cached_input_tokens: total.cachedInputTokens,
    cache_write_input_tokens: total.cacheWriteInputTokens ?? 0,
    output_tokens: total.outputTokens,
    reasoning_output_tokens: total.reasoningOutputTokens,
  };
}

function messageOf({ message, additionalDetails }: TurnError): string {
  return additionalDetails ? `${message} (${additionalDetails})` : message;
}
