import { escapeLine } from "../text/visible.ts";
import type { Draft, RequestOption, RequestSection } from "./description.ts";
import { Members } from "./members.ts";
import { jsonSection, textSection } from "./sections.ts";

/** `item/tool/requestUserInput`: the answers are the user's own text, so there are no options. */
export function describeUserInput(params: Members): Draft {
  params.drop("threadId", "turnId", "itemId", "isBlocking", "autoResolutionMs");
  const questions = params.list("questions") ?? [];
  return {
    kind: "userInput",
    title: "Answer the agent's questions",
    sections: [...questions.flatMap(questionSections), ...params.unknown()],
    options: [],
  };
}

/** An answer to none of the questions. */
export const NO_ANSWERS: RequestOption = {
  id: "decline",
  label: escapeLine("no answers"),
  effect: "refuse",
  grants: [],
  lasting: false,
  decision: undefined,
  answer: { answers: {} },
};

function questionSections(question: unknown): RequestSection[] {
  if (typeof question !== "object" || Array.isArray(question)) {
    return [jsonSection("subject", "Question", question)];
  }
  const members = new Members(question);
  members.drop("id", "isOther", "isSecret");
  const header = members.text("header");
  const text = members.text("question");
  const choices = members.list("options") ?? [];
  return [
    ...(header ? [textSection("subject", "Header", header)] : []),
    ...(text === undefined ? [] : [textSection("subject", "Question", text)]),
    ...choices.map((choice, index) => choiceSection(choice, `Choice ${index + 1}`)),
    ...members.unknown(),
  ];
}

function choiceSection(choice: unknown, title: string): RequestSection {
  const members = new Members(choice);
  const label = members.text("label");
  const description = members.text("description");
  if (label === undefined || !members.areAllKnown) {
    return jsonSection("subject", title, choice);
  }
  return textSection("subject", title, description ? `${label}: ${description}` : label);
}
