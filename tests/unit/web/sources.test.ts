import { expect, it } from "vitest";
import { messagesOf } from "../../../src/web/ui-messages/history.ts";

it("a file that a tool returns is one only if its address is one of the web, or has an image or audio", () => {
  const good = [
    "https://example.com/a.png",
    "DATA:image/png;base64,AA",
    "data:audio/wav;base64,AA",
  ];
  const bad = ["javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd", "//x", ""];
  const contentItems = [...good, ...bad].map((imageUrl) => ({ type: "inputImage", imageUrl }));
  const call = { type: "dynamicToolCall", id: "c", tool: "t", status: "completed", success: true };
  const items = [{ ...call, contentItems }];
  const messages = messagesOf("t", { id: "u", status: "completed", items });
  const files = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === "file" ? [part.url] : []));
  expect(files).toEqual(good);
});

it("a page that a model opens is a source only if its address is one of the web", () => {
  const urls = [
    ...["javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x"],
    ...["https://example.com/a", "HTTP://example.com", "file:///etc/passwd", "//example.com", ""],
  ];
  const items = urls.map((url, index) => ({
    ...{ type: "webSearch", id: `w${index}`, query: "" },
    action: { type: "openPage", url },
  }));
  const messages = messagesOf("t", { id: "u", status: "completed", items });
  const sources = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === "source-url" ? [part.url] : []));
  expect(sources).toEqual(["https://example.com/a", "HTTP://example.com"]);
});
