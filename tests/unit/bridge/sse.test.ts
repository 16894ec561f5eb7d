import { expect, it } from "vitest";
import { EVENT_END, EventParser, eventStart, HEARTBEAT } from "../../../src/bridge/sse.ts";

const events = [
  { id: "log.1", data: '{"text":"one: two\\n"}' },
  { id: "log.2", data: "{}" },
];
const eventText = ({ id, data }: { id: string; data: string }) => eventStart(id) + data + EVENT_END;
const stream = HEARTBEAT + events.map(eventText).join(HEARTBEAT) + HEARTBEAT;

it("an event stream is read the same wherever its chunks are cut", () => {
  for (let size = 1; size <= stream.length; size++) {
    const parser = new EventParser();
    const read = [];
    for (let at = 0; at < stream.length; at += size) {
      read.push(...parser.push(stream.slice(at, at + size)));
    }
    expect(read).toEqual(events);
  }
});

it("an event stream of another writer is read too", () => {
  const parser = new EventParser();
  const text = "event: message\r\nid:7\r\ndata:one\r\ndata: two\r\nretry: 5\r\n\r\ndata\n\n";
  expect(parser.push(text)).toEqual([
    { id: "7", data: "one\ntwo" },
    { id: "7", data: "" },
  ]);
});

it("a long event is put together once, not with each of its chunks", () => {
  const parser = new EventParser();
  const part = "x".repeat(1_000);
  parser.push("data: ");
  for (let count = 0; count < 20_000; count++) parser.push(part);
  expect(parser.push("\n\n")[0]?.data).toHaveLength(20_000_000);
});
