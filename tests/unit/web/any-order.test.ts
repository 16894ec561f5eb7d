import fc from "fast-check";
import { expect, test } from "vitest";
import type { PendingRequestData } from "../../../src/index.ts";
import { AGUIConverter } from "../../../src/web/ag-ui/converter.ts";
import type { TurnPart } from "../../../src/web/parts/part.ts";
import { TurnParts } from "../../../src/web/parts/turn-parts.ts";
import { UIMessageConverter } from "../../../src/web/ui-messages/converter.ts";
import { MessageBuilder } from "../../../src/web/ui-messages/message-builder.ts";
import { readRun } from "../../support/ag-ui.ts";
import { readMessage } from "../../support/ui-messages.ts";

interface Step {
  readonly what: unknown;
  readonly run: (parts: TurnParts) => Iterable<TurnPart>;
}

const TYPES = [
  ...["agentMessage", "reasoning", "commandExecution", "fileChange", "mcpToolCall", "plan"],
  ...["dynamicToolCall", "webSearch", "imageView", "imageGeneration", "userMessage", "sleep"],
  ...["enteredReviewMode", "exitedReviewMode", "contextCompaction", "subAgentActivity", "odd"],
  "collabAgentToolCall",
];
const DELTAS = [
  ...["item/agentMessage/delta", "item/plan/delta", "item/commandExecution/outputDelta"],
  ...["item/reasoning/summaryTextDelta", "item/reasoning/textDelta"],
];

const id = fc.constantFrom("a", "b", "c", "d");
const words = fc.string({ maxLength: 4 });

const item = fc.record(
  {
    id,
    type: fc.constantFrom(...TYPES),
    status: fc.constantFrom("inProgress", "completed", "failed", "declined", "interrupted"),
    text: words,
    summary: fc.array(words, { maxLength: 3 }),
    content: fc.array(fc.oneof(words, fc.record({ type: fc.constant("text"), text: words })), {
      maxLength: 2,
    }),
    command: words,
    aggregatedOutput: words,
    exitCode: fc.constantFrom(0, 1, null),
    changes: fc.array(fc.record({ path: words, kind: fc.constant({ type: "add" }), diff: words }), {
      maxLength: 2,
    }),
    arguments: fc.jsonValue({ maxDepth: 1 }),
    tool: words,
    server: words,
    query: words,
    action: fc.record({ type: fc.constantFrom("openPage", "search"), url: fc.webUrl() }),
    result: fc.oneof(words, fc.constant(null)),
    error: fc.constantFrom(null, { message: "no" }),
    contentItems: fc.array(fc.record({ imageUrl: fc.constant("data:image/png;base64,AA==") }), {
      maxLength: 1,
    }),
  },
  { requiredKeys: ["id", "type"] },
);

const params = fc.record({
  itemId: id,
  delta: words,
  summaryIndex: fc.nat(2),
  contentIndex: fc.nat(2),
  item,
  message: words,
  diff: words,
  changes: fc.constant([]),
  willRetry: fc.boolean(),
  error: fc.constantFrom({ message: "busy" }, null),
  plan: fc.constant([{ step: "one", status: "inProgress" }]),
  tokenUsage: fc.constantFrom({ total: { totalTokens: 3 }, last: { totalTokens: 1 } }, null),
});

const notification: fc.Arbitrary<Step> = fc
  .tuple(
    fc.constantFrom(
      ...["item/started", "item/started", "item/completed", "item/completed", ...DELTAS],
      ...["item/fileChange/patchUpdated", "item/mcpToolCall/progress", "turn/diff/updated"],
      ...["turn/plan/updated", "thread/tokenUsage/updated", "error", "model/rerouted", "odd"],
    ),
    fc.oneof({ weight: 20, arbitrary: params }, { weight: 1, arbitrary: fc.anything() }),
  )
  .map(
    ([method, given]): Step => ({
      what: [method, given],
      run: (parts) => parts.take({ method, params: given }),
    }),
  );

const request = (number: number): PendingRequestData => ({
  ...{ id: `request ${number}`, kind: "command", threadId: "t", title: "Run" as never },
  ...{ detail: [], options: [], arrivedAt: 0 },
});
const accept = {
  id: "accept",
  label: "yes" as never,
  effect: "accept",
  grants: [],
  lasting: false,
} as const;
const refuse = {
  id: "decline",
  label: "no" as never,
  effect: "refuse",
  grants: [],
  lasting: false,
} as const;

const asking: fc.Arbitrary<Step> = fc.tuple(fc.nat(3), fc.option(id, { nil: undefined })).map(
  ([number, itemId]): Step => ({
    what: ["ask", number, itemId],
    run: (parts) => parts.ask(request(number), itemId),
  }),
);

const settling: fc.Arbitrary<Step> = fc
  .tuple(
    fc.nat(3),
    fc.constantFrom("answered", "withdrawn", "dropped", "turnEnded", "connectionLost"),
    fc.constantFrom(accept, refuse, undefined),
  )
  .map(
    ([number, reason, option]): Step => ({
      what: ["settle", number, reason, option?.id],
      run: (parts) => parts.settle(request(number), reason, option),
    }),
  );

const ending: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom("completed", "interrupted", "failed", "odd").map(
    (status): Step => ({
      what: status,
      run: (parts) =>
        parts.take({ method: "turn/completed", params: { turn: { status, items: [] } } }),
    }),
  ),
  fc.constant<Step>({ what: "lost", run: (parts) => parts.lose(new Error("It is gone")) }),
);

const turn = fc.tuple(
  fc.array(fc.oneof({ weight: 5, arbitrary: notification }, asking, settling), { maxLength: 30 }),
  ending,
  fc.array(fc.oneof(notification, asking, settling), { maxLength: 3 }),
);

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Requests are asked once each, as their ids are unique. */
function partsOf([steps, end, late]: [Step[], Step, Step[]]): TurnPart[] {
  const parts = new TurnParts("turn");
  const all: TurnPart[] = [{ type: "start" }];
  for (const step of [...steps, end, ...late]) all.push(...step.run(parts));
  const asked = new Set<string>();
  const isRepeated = all.some(
    (part) => part.type === "request" && asked.size === asked.add(part.request.id).size,
  );
  fc.pre(!isRepeated);
  return all;
}

test("whatever a server sends, the AI SDK reads a message in which every part has ended, as in a stored one", async () => {
  const property = fc.asyncProperty(turn, async (given) => {
    const converter = new UIMessageConverter({ threadId: "thread", id: "turn" });
    const chunks = partsOf(given).flatMap((part) => [...converter.convert(part)]);
    const builder = new MessageBuilder();
    for (const chunk of chunks) builder.take(chunk);
    expect(asJson(builder.message)).toEqual(asJson(await readMessage(chunks)));
  });
  await fc.assert(property, { numRuns: 300 });
});

test("whatever a server sends, AG-UI's client reads a run in which every part has ended", async () => {
  const property = fc.asyncProperty(turn, async (given) => {
    const converter = new AGUIConverter({ turnId: "turn", threadId: "thread", runId: "run" });
    const events = partsOf(given).flatMap((part) => [...converter.convert(part)]);
    const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
    const headers = { "content-type": "text/event-stream" };
    const run = await readRun(new Response(body, { headers }));
    expect(run.events).toHaveLength(events.length);
  });
  await fc.assert(property, { numRuns: 300 });
});
