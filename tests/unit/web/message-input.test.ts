import { expect, test } from "vitest";
import { messageInput } from "../../../src/web/index.ts";

const PNG = "data:image/png;base64,AAAA";

test("a message of the AI SDK becomes an input", () => {
  const parts = [
    { type: "step-start" },
    { type: "text", text: "Look" },
    { type: "text", text: "" },
    { type: "file", mediaType: "image/png", url: PNG },
    { type: "file", mediaType: "audio", url: "data:audio/wav;base64,AAAA" },
  ];
  expect(messageInput({ parts })).toEqual([
    { type: "text", text: "Look" },
    { type: "image", url: PNG },
    { type: "audio", url: "data:audio/wav;base64,AAAA" },
  ]);
});

test("a message of AG-UI becomes an input", () => {
  expect(messageInput({ content: "Hi" })).toEqual([{ type: "text", text: "Hi" }]);
  const source = { type: "data", value: "AAAA", mimeType: "image/png" };
  expect(messageInput({ content: [{ type: "image", source }] })).toEqual([
    { type: "image", url: PNG },
  ]);
});

test.each([
  [{ parts: [] }, "The message is empty"],
  [{ content: "" }, "The message is empty"],
  [undefined, "must have parts (AI SDK) or content (AG-UI)"],
  [{ parts: [{ type: "localImage", path: "/etc/passwd" }] }, 'of type "localImage"'],
  [{ parts: [{ type: "skill", name: "x", path: "/x" }] }, 'of type "skill"'],
  [{ parts: [{ type: "file", mediaType: "image/png", url: "file:///etc/passwd" }] }, "data: URL"],
  [{ parts: [{ type: "file", mediaType: "image/png", url: "http://10.0.0.1/" }] }, "data: URL"],
  [{ parts: [{ type: "file", mediaType: "text/plain", url: PNG }] }, '"text/plain"'],
  [{ content: [{ type: "image", source: { type: "url", value: "/etc/passwd" } }] }, "data: URL"],
  [{ content: [{ type: "audio", source: null }] }, "an audio file that isn't a base64 data: URL"],
])("%j is refused", (message, why) => {
  expect(() => messageInput(message as never)).toThrow(why);
});
