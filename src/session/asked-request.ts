import { InvalidAnswerError } from "../errors/request-errors.ts";
import { describeRequest } from "../requests/describe-request.ts";
import type { RequestDescription, RequestOption } from "../requests/description.ts";
import { refusalAmong } from "../requests/options.ts";
import type { AnswerOption, PendingRequestData } from "../requests/pending-request-data.ts";
import { digest } from "../rpc/digest.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { quoteForeign } from "../text/secrets.ts";
import { escapeLine } from "../text/visible.ts";
import { isRecord } from "../util/describe.ts";
import type { RequestContext } from "./handlers.ts";
import { copyContent, formOf, type RequestForm } from "./request-form.ts";

type Choice = Omit<RequestOption, "decision">;

const SEND_ANSWERS: Choice = {
  id: "accept",
  label: escapeLine("send these answers"),
  effect: "accept",
  grants: [],
  lasting: false,
  answer: {},
};

const MAX_ID_CHARS = 60;

/** What a request asks for, and the results that answer it. */
export class AskedRequest {
  readonly data: PendingRequestData;
  /** Its approximate size in characters. */
  readonly chars: number;
  readonly #options: readonly Choice[];
  readonly #decline: Choice;
  readonly #form: RequestForm | undefined;

  constructor(request: ServerRequest, context: RequestContext) {
    const { method, params } = request;
    const { item, exactNumbers, fileWarnings } = context;
    const description = describeRequest(method, params, item, exactNumbers, fileWarnings);
    const { id, chars } = identityOf(request);
    this.#options = optionsOf(description);
    this.#form = formOf(description.kind, params);
    // The server accepts "decline" even if the request doesn't list it, and the turn continues.
    this.#decline = refusalAmong(this.#options.filter(({ id }) => id === "decline"));
    this.data = {
      id,
      ...placeOf(request, context),
      kind: description.kind,
      title: description.title,
      detail: description.sections,
      options: this.#options.map(shown),
      form: this.#form?.schema,
      arrivedAt: Date.now(),
    };
    this.chars = chars + description.sections.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** The result that refuses a request, without describing it. */
  static refusalOf({ id, method }: ServerRequest, context: RequestContext): unknown {
    return new AskedRequest({ id, method, params: undefined }, { ...context, item: undefined })
      .refusal;
  }

  /** The result that refuses the request. */
  get refusal(): unknown {
    return this.#decline.answer;
  }

  /** The option with this id, as shown to the user. */
  optionOf(optionId: unknown): AnswerOption | undefined {
    const choice = this.#choice(optionId);
    return choice && shown(choice);
  }

  /** @throws InvalidAnswerError if the request doesn't have the option, or its form doesn't allow the content. */
  async resultOf(optionId: unknown, content: unknown): Promise<unknown> {
    const option = this.#choice(optionId);
    if (option === undefined) throw this.#invalid(`${named(optionId)}; ${this.#offered}`);
    const isEmpty = content === undefined || content === null;
    if (option.effect === "refuse" || this.#form === undefined) {
      if (isEmpty) return option.answer;
      throw this.#invalid(`has content, but the option "${option.id}" takes none`);
    }
    const copy = copyContent(content);
    const checked = copy.issues ? copy : await this.#form.check(copy.value);
    if (checked.issues === undefined) return { ...(option.answer as object), ...checked.value };
    const list = checked.issues.map(({ message, path }) => `${pathText(path)}${message}`);
    const { id } = this.data;
    throw new InvalidAnswerError(
      id,
      `doesn't match its form: content ${list.join("; ")}`,
      checked.issues,
    );
  }

  #choice(optionId: unknown): Choice | undefined {
    return [...this.#options, this.#decline].find(({ id }) => id === optionId);
  }

  get #offered(): string {
    return `the options are ${quoteForeign(this.#options.map(({ id }) => `"${id}"`).join(", "))}`;
  }

  #invalid(what: string): InvalidAnswerError {
    return new InvalidAnswerError(this.data.id, what);
  }
}

function optionsOf(description: RequestDescription): readonly Choice[] {
  const { kind, sections, options, refusal } = description;
  if (kind !== "userInput") return options.length > 0 ? options : [refusal];
  const hasSubject = sections.some(({ role }) => role === "subject");
  return hasSubject ? [SEND_ANSWERS, refusal] : [refusal];
}

function shown({ id, label, effect, grants, lasting }: Choice): AnswerOption {
  return { id, label, effect, grants, lasting };
}

/** The id of the thread that a request names, whichever member has it. */
export function threadIdOf(
  { params }: ServerRequest,
  { threadId }: RequestContext,
): string | undefined {
  const members = isRecord(params) ? params : {};
  return text(members.threadId) ?? text(members.conversationId) ?? threadId;
}

function placeOf(request: ServerRequest, context: RequestContext) {
  const { item, parentThreadId } = context;
  const members = isRecord(request.params) ? request.params : {};
  return {
    threadId: threadIdOf(request, context),
    parentThreadId,
    turnId: text(members.turnId),
    entryId: item?.id ?? text(members.itemId) ?? text(members.callId),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/**
 * The id of a request as data, and its approximate size in characters. The id stays the same when the
 * server sends the request again after a reconnect, or to other clients.
 */
export function identityOf({ id, method, params }: ServerRequest): { id: string; chars: number } {
  const { hash, chars } = digest([id, method, params]);
  return { id: Buffer.from(hash, "base64").subarray(0, 16).toString("hex"), chars };
}

function named(optionId: unknown): string {
  return typeof optionId === "string"
    ? `chooses the option "${quoteForeign(optionId, MAX_ID_CHARS)}", which the request doesn't have`
    : "chooses no option";
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}
