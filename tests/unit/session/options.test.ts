import { expect, test } from "vitest";
import { Codex, type CodexOptions } from "../../../src/index.ts";

const make = (options: unknown) => () => new Codex(options as CodexOptions);

test.each<[object, string]>([
  [{ codexBim: "x" }, 'Codex has no option "codexBim"; did you mean codexBin?'],
  [{ toString: 1 }, 'Codex has no option "toString"; its options are codexBin, config,'],
  [{ codexBin: "" }, 'Codex option codexBin must be a non-empty string, not ""'],
  [{ codexBin: 5 }, "Codex option codexBin must be a non-empty string, not 5"],
  [{ launchArgs: [] }, "launchArgs must be a non-empty list of strings, not an empty list"],
  [{ launchArgs: "codex" }, 'launchArgs must be a non-empty list of strings, not "codex"'],
  [{ config: [] }, "Codex option config must be an object, not an empty list"],
  [{ cwd: null }, "Codex option cwd must be a non-empty string, not null"],
  [{ env: { A: 1 } }, 'Codex option env["A"] must be a string'],
  [{ experimentalApi: "yes" }, 'experimentalApi must be a boolean, not "yes"'],
  [{ requestTimeoutMs: -1 }, "requestTimeoutMs must be a number of milliseconds, 0 or more"],
  [{ requestTimeoutMs: Number.NaN }, "not NaN"],
  [{ retryOnOverload: 3 }, "retryOnOverload must be a boolean or an object, not 3"],
  [
    { reconnect: { maxAttemps: 3 } },
    'reconnect has no member "maxAttemps"; did you mean maxAttempts?',
  ],
  [{ reconnect: { maxAttempts: 0 } }, "reconnect.maxAttempts must be a whole number of at least 1"],
  [{ restart: "yes" }, "Codex option restart must be a boolean or an object, not a string"],
  [{ restart: { jitterRatio: 2 } }, "restart.jitterRatio must be a number from"],
  [
    { approvals: "yes" },
    'approvals must be "accept", "decline", "ask" or an object of rules, not "yes"',
  ],
  [{ approvals: { commands: "accept" } }, 'approvals has no kind "commands"; the kinds are'],
  [
    { approvals: { command: true } },
    'approvals.command must be "accept", "decline", "ask" or a function',
  ],
  [{ handlers: { x: 1 } }, 'Codex option handlers["x"] must be a function, not 1'],
  [{ transport: {} }, "transport must be an endpoint with a connect function"],
  [{ onWarning: "log" }, "onWarning must be a function"],
  [{ signal: {} }, "signal must be an AbortSignal, not an object"],
])("%o is a TypeError that names it", (options, message) => {
  expect(make(options)).toThrow(TypeError);
  expect(make(options)).toThrow(message);
});

test.each([[null], ["codex"], [[]]])("%o instead of options is a TypeError", (options) => {
  expect(make(options)).toThrow(TypeError);
  expect(make(options)).toThrow("Codex options must be an object");
});

test("undefined counts as an omitted option", () => {
  const names = ["codexBin", "cwd", "env", "signal", "approvals", "handlers", "retryOnOverload"];
  expect(make(Object.fromEntries(names.map((name) => [name, undefined])))).not.toThrow();
});
