import { isRecord } from "../util/describe.ts";
import type { EntryState, HookEntry } from "./entries.ts";
import { errorView } from "./errors.ts";
import { type Foreign, numberOrNull, recordOf, records, text, textOrNull } from "./foreign.ts";
import type { NoteContent, NoteFields } from "./note.ts";

/** An entry that isn't an item of the server, created by a notification. */
export interface Noted {
  /** The entry's id, without the turn's id that precedes it. */
  readonly key: string;
  readonly content: NoteContent;
}

/**
 * The entry that a notification of a turn creates or changes; undefined for other notifications.
 */
export function noted(method: string, params: Foreign, at: number | null): Noted | undefined {
  switch (method) {
    case "turn/plan/updated":
      return { key: "plan", content: plan(params, at) };
    case "hook/started":
    case "hook/completed":
      return isRecord(params.run) ? hook(params.run) : undefined;
    case "model/rerouted": {
      const { fromModel, toModel, reason } = params;
      const [from, to] = [text(fromModel), text(toModel)];
      const fields = { kind: "modelRerouted", from, to, reason: text(reason) } as const;
      return once(`rerouted:${from}:${to}`, fields, at);
    }
    case "model/verification":
      return notice("verification", "warning", "The model asks for verification", at);
    case "modelProvider/authRecoveryStarted":
    case "modelProvider/authRecoveryCompleted":
      return notice(`auth:${method}`, "info", text(params.message), at);
    case "item/autoApprovalReview/started":
    case "item/autoApprovalReview/completed":
      return approvalReview(params, at);
    case "autoApprovalReview/strictReviewRequired":
      return notice("strict", "info", "Every action needs approval from now on", at);
    default:
      return undefined;
  }
}

/** A warning that doesn't name a turn; undefined for other notifications. */
export function warning(method: string, params: Foreign, at: number | null): Noted | undefined {
  if (method !== "warning" && method !== "guardianWarning") return undefined;
  const message = text(params.message);
  return notice(`${method}:${digest(message)}`, "warning", message, at);
}

/** An error after which the server retries, however often it is repeated. */
export function retry(params: Foreign, at: number | null): NoteContent | undefined {
  const error = errorView(params.error);
  if (!error) return undefined;
  const fields = { kind: "error", ...error, willRetry: true } as const;
  return { fields, state: "running", startedAt: at, endedAt: null };
}

function plan(params: Foreign, at: number | null): NoteContent {
  const steps = records(params.plan).map(({ step, status }) => ({
    text: text(step),
    state: status === "completed" ? status : status === "inProgress" ? "running" : "pending",
  })) satisfies readonly { text: string; state: "pending" | "running" | "completed" }[];
  const fields = { kind: "plan", text: text(params.explanation), steps } as const;
  return { fields, state: "completed", startedAt: at, endedAt: at };
}

function hook(run: Foreign): Noted {
  const entries = records(run.entries).map((entry) => text(entry.text));
  const fields: Omit<HookEntry, "id" | "state" | "startedAt" | "endedAt" | "incomplete"> = {
    kind: "hook",
    event: textOrNull(run.eventName),
    text: [textOrNull(run.statusMessage), ...entries].filter(Boolean).join("\n"),
    durationMs: numberOrNull(run.durationMs),
  };
  const [startedAt, endedAt] = [numberOrNull(run.startedAt), numberOrNull(run.completedAt)];
  return {
    key: `hook:${text(run.id)}`,
    content: { fields, state: hookState(run.status), startedAt, endedAt },
  };
}

function hookState(status: unknown): EntryState {
  switch (status) {
    case "running":
    case "completed":
      return status;
    case "stopped":
      return "interrupted";
    default:
      return "failed";
  }
}

function approvalReview(params: Foreign, at: number | null): Noted {
  const { status, rationale } = recordOf(params.review);
  const words = [`Automatic review of an approval: ${text(status)}`, textOrNull(rationale)];
  const fields = { kind: "notice", level: "info", text: words.filter(Boolean).join(". ") } as const;
  const startedAt = numberOrNull(params.startedAtMs) ?? at;
  const endedAt = numberOrNull(params.completedAtMs);
  const state = status === "inProgress" ? "running" : "completed";
  return {
    key: `approval:${text(params.reviewId)}`,
    content: { fields, state, startedAt, endedAt },
  };
}

/** A short hash of text: FNV-1a. */
function digest(words: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < words.length; at++) {
    hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}

function notice(key: string, level: "info" | "warning", words: string, at: number | null): Noted {
  return once(key, { kind: "notice", level, text: words }, at);
}

function once(key: string, fields: NoteFields, at: number | null): Noted {
  return { key, content: { fields, state: "completed", startedAt: at, endedAt: at } };
}
