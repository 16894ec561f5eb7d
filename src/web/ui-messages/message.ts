import type { PartMetadata, TurnData, TurnMetadata } from "./chunk.ts";

/** A message of the AI SDK: the user's, or one that shows a turn. */
export type TurnUIMessage = {
  id: string;
  role: "user" | "assistant";
  metadata?: TurnMetadata;
  parts: TurnUIPart[];
};

/** A part of a `TurnUIMessage`. */
export type TurnUIPart =
  | { type: "step-start" }
  | TextPart
  | ({ type: "reasoning"; id: string } & Omit<TextPart, "type">)
  | ToolPart
  | { type: "source-url"; sourceId: string; url: string }
  | { type: "file"; url: string; mediaType: string }
  | DataPart;

type TextPart = {
  type: "text";
  text: string;
  state: "done";
  providerMetadata?: PartMetadata;
};

type DataPart = {
  [Name in keyof TurnData]: { type: `data-${Name}`; id: string; data: TurnData[Name] };
}[keyof TurnData];

type Approval = { id: string; isAutomatic?: boolean; reason?: string };

type ToolPart = {
  type: "dynamic-tool";
  toolName: string;
  toolCallId: string;
  providerExecuted: true;
  input: unknown;
} & (
  | { state: "output-available"; output: unknown; approval?: Approval & { approved: true } }
  | { state: "output-error"; errorText: string; approval?: Approval & { approved: true } }
  | { state: "output-denied"; approval: Approval & { approved: false } }
);
