import type { FunctionCallOutputBody, TurnToolOutput } from "../protocol/index.js";
/** Content of a tool, another agent or an application; made by `externalMessage`. */
export interface ExternalMessage {
    readonly type: "externalMessage";
    /** The tool that delivers it. */
    readonly toolName: string;
    readonly namespace: string | undefined;
    /** A text, or content items of the Responses API. */
    readonly content: FunctionCallOutputBody;
}
/**
 * Makes the input of a turn from content that you don't trust, such as an email or a web page. The
 * model gets it as a tool's output, below the instructions of the user: what it says authorises
 * nothing. It is the whole input of a turn.
 *
 * @throws TypeError if `toolName` isn't a non-empty string, or `content` neither a string nor a list.
 * @throws InvalidInputError if the content is empty.
 *
 * @example
 * await thread.run(externalMessage({ toolName: "read_email", content: email.body }));
 */
export declare function externalMessage(message: {
    readonly toolName: string;
    readonly content: FunctionCallOutputBody;
    readonly namespace?: string | undefined;
}): ExternalMessage;
export declare function isExternalMessage(input: unknown): input is ExternalMessage;
/** The same for `turn/start`. */
export declare function toolOutputOf(message: ExternalMessage): TurnToolOutput;
//# sourceMappingURL=external-message.d.ts.map