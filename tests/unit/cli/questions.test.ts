import { describe, expect, it } from "vitest";
import { openDesk } from "../../support/desk.ts";

const options = [
  { label: "Red", description: "warm" },
  { label: "Blue", description: "" },
];
const free = { isSecret: false, isOther: true, options: null };

describe("the agent's questions", () => {
  it("are answered by number or in words", async () => {
    const desk = openDesk(["2", "Ann", ""]);
    const questions = [
      { ...free, id: "colour", question: "Which colour?", options },
      { ...free, id: "name", question: "Which name?" },
      { ...free, id: "more", question: "More?", options },
    ];
    expect(await desk.question({ questions })).toEqual({
      answers: { colour: { answers: ["Blue"] }, name: { answers: ["Ann"] }, more: { answers: [] } },
    });
    expect(desk.shown()).toContain(
      "┃ Question: Which colour?\n┃ Choice 1: Red: warm\n┃ Choice 2: Blue\n" +
        "┃ A number, or your own answer: ",
    );
  });

  it("accept only a choice if nothing else is allowed", async () => {
    const desk = openDesk(["green", "3", "Red"]);
    const questions = [{ ...free, isOther: false, id: "c", question: "Which?", options }];
    expect(await desk.question({ questions })).toEqual({ answers: { c: { answers: ["Red"] } } });
    expect(desk.shown().match(/Type a number from 1 to 2/g)).toHaveLength(2);
  });

  it("keep their ids, even unusual ones", async () => {
    const desk = openDesk(["a", "b"]);
    const questions = ["__proto__", "constructor"].map((id) => ({ ...free, id, question: id }));
    expect(JSON.stringify(await desk.question({ questions }))).toBe(
      '{"answers":{"__proto__":{"answers":["a"]},"constructor":{"answers":["b"]}}}',
    );
  });

  it("are shown exactly, page by page", async () => {
    const desk = openDesk(["", "x"], { rows: 10 });
    const question = `Which\u200b?${"\n".repeat(10)}last`;
    await desk.question({ questions: [{ ...free, id: "q", question }] });
    expect(desk.shown()).toMatch(/Which\\u\{200b\}\?\n[\s\S]*page 1 of 2[\s\S]*┃ │ last\n/);
  });

  it("keep a secret off the screen", async () => {
    const desk = openDesk(["hunter2"], { isTTY: true });
    const secret = { ...free, id: "key", question: "The key?", isSecret: true };
    expect(await desk.question({ questions: [secret] })).toEqual({
      answers: { key: { answers: ["hunter2"] } },
    });
    expect(desk.shown()).not.toContain("hunter2");
  });

  it("get no answers without a terminal", async () => {
    const desk = openDesk(undefined);
    const questions = [{ question: "Which\x1b[2J colour?" }, { question: "More?" }];
    expect(await desk.question({ questions })).toEqual({ answers: {} });
    expect(desk.shown()).toBe(
      "Not answered, because there is no terminal to ask on: Which colour? More?\n",
    );
  });
});
