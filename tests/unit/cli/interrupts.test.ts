import { afterEach, expect, it } from "vitest";
import { Interrupts, Quit } from "../../../src/cli/interrupts.ts";

let open: Interrupts | undefined;
afterEach(() => open?.[Symbol.dispose]());

function start() {
  const clock = { now: 0 };
  const interrupts = new Interrupts(() => clock.now);
  open = interrupts;
  const press = (at: number) => {
    clock.now = at;
    process.emit("SIGINT");
  };
  const exitCode = () =>
    interrupts.signal.reason instanceof Quit ? interrupts.signal.reason.exitCode : undefined;
  return { interrupts, press, exitCode };
}

it("interrupts the turn at the first Ctrl-C and quits at the second", () => {
  const { interrupts, press, exitCode } = start();
  let interrupted = 0;
  interrupts.onFirst = () => interrupted++;
  press(1000);
  expect([interrupted, exitCode()]).toEqual([1, undefined]);
  press(2000);
  expect([interrupted, exitCode()]).toEqual([1, 130]);
});

it("treats a signal that npm forwards as the same keypress", () => {
  const { interrupts, press, exitCode } = start();
  interrupts.onFirst = () => {};
  press(1000);
  press(1010);
  expect(exitCode()).toBeUndefined();
});

it("quits immediately while there is no turn, and at SIGTERM", () => {
  const waiting = start();
  waiting.press(5);
  expect(waiting.exitCode()).toBe(130);
  waiting.interrupts[Symbol.dispose]();

  const running = start();
  running.interrupts.onFirst = () => {};
  process.emit("SIGTERM");
  expect(running.exitCode()).toBe(143);
});

it("releases the signals", () => {
  const before = process.listenerCount("SIGINT");
  start().interrupts[Symbol.dispose]();
  expect(process.listenerCount("SIGINT")).toBe(before);
});
