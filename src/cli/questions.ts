import type { Handler, protocol } from "../index.ts";
import type { Desk } from "./approvals.ts";
import type { Talk } from "./terminal.ts";
import { printable, printableLine } from "./text.ts";

type Question = protocol.ToolRequestUserInputQuestion;
type Asked = Handler<protocol.ToolRequestUserInputParams, protocol.ToolRequestUserInputResponse>;

/** Puts the agent's own questions to the user; without a terminal they get no answers. */
export function askedQuestions({ terminal, show, paint }: Desk): Asked {
  return async ({ questions }, { signal }) => {
    if (!terminal) {
      const asked = questions.map(({ question }) => printableLine(question)).join(" ");
      const told = paint("yellow", `Not answered, as there is no terminal to ask on: ${asked}`);
      show([{ to: "log", text: `${told}\n`, block: true }]);
      return { answers: {} };
    }
    return terminal.talk(signal, async (talk) => {
      const answers: Record<string, { answers: string[] }> = {};
      for (const question of questions) {
        answers[question.id] = { answers: await answersTo(question, talk) };
      }
      return { answers };
    });
  };
}

async function answersTo(question: Question, talk: Talk): Promise<string[]> {
  const options = question.options ?? [];
  const list = options.map(
    ({ label, description }, index) =>
      `  ${index + 1}. ${printableLine(label)}${description ? ` - ${printableLine(description)}` : ""}\n`,
  );
  const text = `${printable(question.question)}\n${list.join("")}`;
  talk.show([{ to: "log", text, block: true }]);
  const invitation = options.length > 0 ? "Number, or your own words: " : "Your answer: ";
  const typed = (await talk.ask(invitation, { secret: question.isSecret }))?.trim();
  if (!typed) return [];
  return [options[Number(typed) - 1]?.label ?? typed];
}
