import path from "node:path";
import { expect, it } from "vitest";
import { parseInspectArguments } from "../../../src/cli/inspect-arguments.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";

it("reads what is inspected", () => {
  expect(parseInspectArguments(["package.json", "--port", "4000"])).toEqual({
    file: path.resolve("package.json"),
    port: 4000,
  });
  expect(parseInspectArguments(["-C", "src", "-c", "model=x", "--scripted"])).toEqual({
    ...{ file: undefined, port: 0, connect: undefined, cwd: path.resolve("src") },
    ...{ config: ["model=x"], trace: undefined, scripted: true },
  });
  const shared = parseInspectArguments([
    "--connect",
    "unix:///run/codex.sock",
    "--trace",
    "x.jsonl",
  ]);
  expect(shared).toMatchObject({ connect: "unix:///run/codex.sock", trace: "x.jsonl" });
  const fleet = { file: undefined, fleet: "rediss://queue.example:6380/2", port: 0 };
  const address = ["--fleet", fleet.fleet];
  expect(parseInspectArguments(address)).toEqual({ ...fleet, name: "fleet" });
  expect(parseInspectArguments([...address, "--name", "night", "--port", "4000"])).toEqual({
    ...{ ...fleet, name: "night", port: 4000 },
  });
  expect(parseInspectArguments(["--help"])).toBe("help");
});

it.each([
  ["missing.jsonl", 'inspect: "missing.jsonl" doesn\'t exist'],
  ["a b", 'unexpected argument "b"'],
  ["--port x", '--port must be a number up to 65535, not "x"'],
  ["--port 65536", "--port must be a number up to 65535"],
  ["--connect localhost", '--connect: "localhost" isn\'t an address'],
  ["--connect http://ada:hunter2@h", '--connect: "http://***@h" isn\'t an address'],
  ["--fleet http://ada:hunter2@h", '--fleet: "http://***@h" isn\'t a Redis address'],
  ["--connect ws://127.0.0.1:1 --scripted", "--connect and --scripted can't be combined"],
  ["--connect ws://127.0.0.1:1 --cd src", "--connect and --cd can't be combined"],
  ["package.json --connect ws://127.0.0.1:1", "a trace and --connect can't be combined"],
  ["package.json --trace x", "a trace and --trace can't be combined"],
  ["--fleet localhost:6379", '--fleet: "localhost:6379" isn\'t a Redis address'],
  ["--fleet redis://", '--fleet: "redis://" isn\'t a Redis address'],
  ["--fleet redis://[ --name x", '--fleet: "redis://[" isn\'t a Redis address'],
  ["--name night", "--name needs --fleet"],
  ["--fleet redis://127.0.0.1 --connect ws://127.0.0.1:1", "--fleet and --connect can't be"],
  ["--fleet redis://127.0.0.1 --scripted", "--fleet and --scripted can't be combined"],
  ["--fleet redis://127.0.0.1 --trace x", "--fleet and --trace can't be combined"],
  ["package.json --fleet redis://127.0.0.1", "a trace and --fleet can't be combined"],
  ["--config model", '--config: "model" isn\'t a setting'],
  ["--unknown", "inspect: Unknown option '--unknown'"],
])("refuses %s", (line, message) => {
  expect(() => parseInspectArguments(line.split(" "))).toThrow(UsageError);
  expect(() => parseInspectArguments(line.split(" "))).toThrow(message);
});
