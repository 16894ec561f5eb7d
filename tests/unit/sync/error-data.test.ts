import { describe, expect, test } from "vitest";
import * as main from "../../../src/index.ts";
import { CodexError } from "../../../src/index.ts";
import { errorFromData } from "../../../src/sync/error-data.ts";
import type { WorkerReference } from "../../../src/sync/messages.ts";
import { type Packed, unpack } from "../../../src/sync/packing.ts";
import { WorkerPacking } from "../../../src/sync/worker-packing.ts";

const unused = () => {
  throw new Error("an error needs nothing of the worker");
};
const packing = new WorkerPacking({
  run: unused,
  callerSignal: unused,
  register: unused,
  releaseHandle: unused,
});

function fromWorker(packed: Packed<WorkerReference>): unknown {
  return unpack(packed, (reference) => {
    if (reference.type !== "error") throw new Error(`unexpected: ${reference.type}`);
    return errorFromData(reference.error, fromWorker);
  });
}

/** The error as it arrives in the calling thread. */
function crossed<E extends Error>(error: E): E {
  return fromWorker(structuredClone(packing.pack(error))) as E;
}

function named(name: string, members: object = {}): Error {
  const error = Object.assign(new Error("words"), members);
  return Object.defineProperty(error, "name", { value: name });
}

const classes = Object.entries(main).filter(
  ([, one]) => typeof one === "function" && one.prototype instanceof CodexError,
) as [string, { prototype: Error }][];

test.each([
  ...classes,
  ["CodexError", CodexError],
  ["CodexWarning", main.CodexWarning],
  ["TypeError", TypeError],
] as [string, { prototype: Error }][])("arrives as %s", (name, { prototype }) => {
  const back = crossed(named(name, { code: 5 }));
  expect(Object.getPrototypeOf(back)).toBe(prototype);
  expect(back).toMatchObject({ name, message: "words", code: 5 });
});

test("of an unknown class arrives as an Error of that name, without members that can't be copied", () => {
  const back = crossed(named("SystemError", { socket: () => {}, signal: AbortSignal.abort() }));
  expect(Object.getPrototypeOf(back)).toBe(Error.prototype);
  expect(String(back)).toBe("SystemError: words");
  expect(Object.keys(back)).toEqual([]);
});

test("keeps its stack and all causes with their members", () => {
  const root = Object.assign(new RangeError("root"), { code: "E_ROOT", errno: -111 });
  const error = new main.LaunchError("outer", { cause: new Error("middle", { cause: root }) });
  const back = crossed(error);
  expect(back.stack).toBe(error.stack);
  expect(Object.keys(back)).not.toContain("cause");
  const middle = back.cause as Error;
  expect(middle.message).toBe("middle");
  expect(middle.cause).toBeInstanceOf(RangeError);
  expect(middle.cause).toMatchObject({ message: "root", code: "E_ROOT", errno: -111 });
  expect((middle.cause as Error).stack).toBe(root.stack);
});

test("keeps non-enumerable members, such as the errors of an AggregateError", () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const back = crossed(Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" }));
  expect(back).toBeInstanceOf(AggregateError);
  expect(back.code).toBe("ECONNREFUSED");
  expect(back.errors).toMatchObject([{ message: "refused", code: "ECONNREFUSED" }]);
  expect(back.errors[0]).toBeInstanceOf(Error);
  expect(Object.keys(back)).toEqual(["code"]);
});

test("arrives as a DOMException with its name and code", () => {
  const back = crossed(new DOMException("too late", "TimeoutError"));
  expect(back).toBeInstanceOf(DOMException);
  expect(back).toMatchObject({ name: "TimeoutError", message: "too late" });
  expect(back.code).toBe(DOMException.TIMEOUT_ERR);
});

describe("with a cause", () => {
  test("that refers back to it arrives without the cycle", () => {
    const error = new Error("outer");
    error.cause = new Error("inner", { cause: error });
    const inner = crossed(error).cause as Error;
    expect(inner.message).toBe("inner");
    expect(inner.cause).toMatchObject({ message: "outer" });
    expect((inner.cause as Error).cause).toBeUndefined();
  });

  test.each([
    ["a function", () => {}, "a function"],
    ["a text", "why", "why"],
    ["nothing", null, null],
  ])("that is %s arrives with the parts that can be copied", (_what, cause, expected) => {
    expect(crossed(new Error("outer", { cause })).cause).toBe(expected);
  });
});
