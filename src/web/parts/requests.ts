import type { SettledReason } from "../../errors/request-errors.ts";
import type { RequestKind, RequestSection } from "../../requests/description.ts";
import type { AnswerOption, PendingRequestData } from "../../requests/pending-request-data.ts";
import { hasHiddenCharacters, isInItem } from "../../requests/sections.ts";
import type { Entry } from "../../timeline/entries.ts";
import type { TurnPart } from "./part.ts";

const ENDINGS = {
  answered: { state: "declined", error: "The request was refused" },
  withdrawn: { state: "interrupted", error: "The request was withdrawn" },
  turnEnded: { state: "interrupted", error: "The turn ended before the request was answered" },
  changed: { state: "declined", error: "A file of the request has changed since it was shown" },
  dropped: { state: "declined", error: "Too many requests were waiting" },
  connectionLost: { state: "interrupted", error: "The connection to the server was lost" },
} as const;

/** A call that has started and hasn't ended. */
export interface OpenCall {
  readonly id: string;
  /** The kind of its entry in a timeline. */
  readonly kind: Entry["kind"];
  /** Whether it was announced with another input. The change can come from a call with the same id. */
  readonly isChanged: boolean;
}

interface Asked {
  readonly request: PendingRequestData;
  readonly callId: string;
  /** Whether the call exists only to show the request. */
  readonly isOwn: boolean;
}

/**
 * The requests of a turn. Each belongs to a call: the call of its item, or one that exists only for
 * the request.
 */
export class RequestParts {
  readonly #asked = new Map<string, Asked>();
  /** The open calls that requests were about. */
  readonly #askedAbout = new Set<string>();

  /** `call`: the call of the request's item. It can have one request at a time. */
  *ask(request: PendingRequestData, call: OpenCall | undefined): Generator<TurnPart> {
    const { id, kind, title, threadId, detail } = request;
    if (this.#asked.has(id)) return;
    const isTaken = [...this.#asked.values()].some(({ callId }) => callId === call?.id);
    const isOwn = call === undefined || isTaken || !isAboutCall(request, call);
    const callId = isOwn ? id : call.id;
    if (!isOwn) this.#askedAbout.add(callId);
    this.#asked.set(id, { request, callId, isOwn });
    if (isOwn) {
      yield { type: "callStart", id, name: kind };
      yield { type: "callInput", id, name: kind, input: { title, threadId, detail } };
    }
    yield { type: "request", request, callId };
  }

  /** Whether a request is or was shown as the approval of this open call. */
  wasAskedAbout(callId: string): boolean {
    return this.#askedAbout.has(callId);
  }

  /** Shows the request again: its answer wasn't accepted, so it is still pending. */
  *repeat(requestId: string): Generator<TurnPart> {
    const asked = this.#asked.get(requestId);
    if (asked) yield { type: "request", request: asked.request, callId: asked.callId };
  }

  *settle(
    requestId: string,
    reason: SettledReason,
    option: AnswerOption | undefined,
  ): Generator<TurnPart> {
    const asked = this.#asked.get(requestId);
    if (!asked) return;
    this.#asked.delete(requestId);
    const { request, callId, isOwn } = asked;
    yield { type: "requestSettled", request, callId, reason, option };
    if (!isOwn) return;
    const ending =
      option?.effect === "accept"
        ? ({ state: "completed", error: "" } as const)
        : ENDINGS[option ? "answered" : reason];
    const output = option ? { answer: option.id } : {};
    yield { type: "callEnd", id: callId, ...ending, output, media: [] };
  }

  /** Ends the requests of a call that ends: they no longer need an answer. */
  *endCall(callId: string): Generator<TurnPart> {
    this.#askedAbout.delete(callId);
    for (const [id, asked] of [...this.#asked]) {
      if (asked.callId === callId && !asked.isOwn) yield* this.settle(id, "withdrawn", undefined);
    }
  }

  *end(): Generator<TurnPart> {
    for (const id of [...this.#asked.keys()]) yield* this.settle(id, "turnEnded", undefined);
  }
}

/** The kinds of requests that can ask for exactly their call's input, with the kind of that call. */
const CALLS: Readonly<Partial<Record<RequestKind, Entry["kind"]>>> = {
  command: "command",
  humanCommand: "command",
  fileChange: "fileChange",
  mcpToolCall: "mcpCall",
};

/**
 * Whether a page can show the request as the approval of its call: it asks for what the call's
 * input shows, and for nothing else, such as additional permissions. The model can choose the id of
 * another call, whose input would be shown instead: then the request has a warning, or the call is
 * of another kind. Nor can the request have hidden characters: unlike the request, the call's input
 * isn't escaped, so a page wouldn't show them.
 */
function isAboutCall({ kind, detail }: PendingRequestData, call: OpenCall): boolean {
  return CALLS[kind] === call.kind && !call.isChanged && detail.every(isShownBy);
}

function isShownBy(section: RequestSection): boolean {
  return isInItem(section) && !hasHiddenCharacters(section);
}
