import type { AGUIEvent } from "@ag-ui/core";
import type { DynamicToolUIPart, UIMessage, UIMessageChunk } from "ai";
import { expectTypeOf, test } from "vitest";
import type { Turn } from "../../src/index.ts";
import {
  type TurnAGUIEvent,
  type TurnData,
  type TurnMetadata,
  type TurnUIMessage,
  type TurnUIMessageChunk,
  toUIMessageStream,
} from "../../src/web/index.ts";

declare const turn: Turn<{ city: string }>;

test("chunks are those of the AI SDK", () => {
  expectTypeOf<TurnUIMessageChunk>().toExtend<UIMessageChunk<TurnMetadata, TurnData>>();
  const stream = toUIMessageStream(turn);
  expectTypeOf(stream).toExtend<ReadableStream<UIMessageChunk>>();
});

test("stored messages are those of the AI SDK", () => {
  expectTypeOf<TurnUIMessage>().toExtend<UIMessage<TurnMetadata, TurnData>>();
});

test("parts of a message have the types of a turn", () => {
  type Part = UIMessage<TurnMetadata, TurnData>["parts"][number];
  type Plan = Extract<Part, { type: "data-plan" }>;
  expectTypeOf<Plan["data"]["steps"][number]["state"]>().toEqualTypeOf<
    "pending" | "running" | "completed"
  >();
  expectTypeOf<DynamicToolUIPart>().toExtend<Part>();
});

test("events are those of AG-UI, whose types are an enum of these names", () => {
  expectTypeOf<TurnAGUIEvent["type"]>().toExtend<`${AGUIEvent["type"]}`>();
});
