import type { Handler, protocol } from "../index.ts";
import { describeRequest } from "../requests/describe-request.ts";
import type { Desk } from "./approvals.ts";
import { showAll } from "./pages.ts";
import { framed, inFrame, promptText, questionRows } from "./question-rows.ts";
import type { Talk } from "./terminal.ts";
import { join, outputLine, type Paint, show as text } from "./text.ts";

type Question = protocol.ToolRequestUserInputQuestion;
type Asked = Handler<protocol.ToolRequestUserInputParams, protocol.ToolRequestUserInputResponse>;

/** Asks the user the agent's own questions; without a terminal, they get no answers. */
export function askedQuestions({ terminal, show, paint }: Desk): Asked {
  return async ({ questions }, { method, signal, exactNumbers }) => {
    if (!terminal) {
      const asked = join(
        questions.map(({ question }) => outputLine(question)),
        " ",
      );
      const warning = text`Not answered, because there is no terminal to ask on: ${asked}`;
      show([{ to: "log", text: text`${paint("yellow", warning)}\n`, block: true }]);
      return { answers: {} };
    }
    return terminal.talk(signal, async (talk) => {
      const answers: [id: string, { answers: string[] }][] = [];
      for (const question of questions) {
        const asked = { questions: [question] };
        const { title, sections } = describeRequest(method, asked, undefined, exactNumbers);
        const rows = questionRows(inFrame(title), sections, [], { columns: talk.columns, paint });
        const isShown = await showAll(talk, rows, paint);
        const given = isShown ? await answersTo(question, talk, paint) : [];
        answers.push([question.id, { answers: given }]);
      }
      // Makes every id an own member, even `__proto__`.
      return { answers: Object.fromEntries(answers) };
    });
  };
}

async function answersTo(question: Question, talk: Talk, paint: Paint): Promise<string[]> {
  const options = question.options ?? [];
  const mustChoose = options.length > 0 && question.isOther === false;
  const free = options.length === 0 ? text`Your answer:` : text`A number, or your own answer:`;
  const short = text`Answer:`;
  const prompt = promptText(mustChoose ? text`Number:` : free, short, talk.columns, paint);
  for (;;) {
    const typed = (await talk.ask(prompt, { secret: question.isSecret }))?.trim();
    if (!typed) return [];
    const chosen = options[Number(typed) - 1] ?? options.find(({ label }) => label === typed);
    if (chosen || !mustChoose) return [chosen?.label ?? typed];
    talk.show([framed(text`Type a number from 1 to ${options.length}.`, paint)]);
  }
}
