import { InvalidInputError } from "../errors/errors.ts";
import type { FunctionCallOutputBody, TurnToolOutput } from "../protocol/index.ts";
import { describe, isRecord } from "../util/describe.ts";

/** Content from a tool, another agent or an application; created by `externalMessage`. */
export interface ExternalMessage {
  readonly type: "externalMessage";
  /** The tool that delivers the message. */
  readonly toolName: string;
  readonly namespace: string | undefined;
  /** Text, or content items of the Responses API. */
  readonly content: FunctionCallOutputBody;
}

/**
 * Creates the input of a turn from content that you don't trust, such as an email or a web page.
 * The model receives it as a tool's output, which has less authority than the user's instructions.
 * It must be the whole input of a turn.
 *
 * @throws TypeError if `toolName` isn't a non-empty string, or `content` is neither a string nor a list.
 * @throws InvalidInputError if the content is empty.
 *
 * @example
 * await thread.run(externalMessage({ toolName: "read_email", content: email.body }));
 */
export function externalMessage(message: {
  readonly toolName: string;
  readonly content: FunctionCallOutputBody;
  readonly namespace?: string | undefined;
}): ExternalMessage {
  const { toolName, content, namespace } = isRecord(message) ? message : ({} as typeof message);
  if (typeof toolName !== "string" || toolName.trim() === "") {
    throw new TypeError(
      `externalMessage: toolName must be a non-empty string, not ${describe(toolName)}`,
    );
  }
  if (namespace !== undefined && typeof namespace !== "string") {
    throw new TypeError(`externalMessage: namespace must be a string, not ${describe(namespace)}`);
  }
  if (typeof content !== "string" && !Array.isArray(content)) {
    throw new TypeError(
      `externalMessage: content must be a string or a list of items, not ${describe(content)}`,
    );
  }
  if (content.length === 0) throw new InvalidInputError("externalMessage: content is empty");
  return { type: "externalMessage", toolName, namespace, content };
}

export function isExternalMessage(input: unknown): input is ExternalMessage {
  return isRecord(input) && input.type === "externalMessage";
}

/** The message in the form of `turn/start`. */
export function toolOutputOf(message: ExternalMessage): TurnToolOutput {
  // Checked again: the object may come from anywhere.
  const { toolName, namespace, content } = externalMessage(message);
  return { name: toolName, namespace: namespace ?? null, output: content };
}
