import type { OutputIssue } from "../errors/output-issue.ts";
import { prepareSchema } from "../input/prepare-schema.ts";
import type { JsonSchema, Validated } from "../input/schema.ts";
import { soundValue } from "../input/sound-value.ts";
import { CHECK_LIMIT_MS, withinTime } from "../input/time-limit.ts";
import type { RequestKind } from "../requests/description.ts";
import { isRecord, messageOf } from "../util/describe.ts";

const MAX_CONTENT_CHARS = 1_000_000;
const MAX_ISSUES = 20;

/** A form that an answer fills in. */
export interface RequestForm {
  /** The JSON Schema of the content. */
  readonly schema: JsonSchema;
  /** The members of the answer for this content, which arrived as JSON. */
  check(content: unknown): Validated<object> | Promise<Validated<object>>;
}

/**
 * The form of a request of this kind; undefined if its answers have no content. Preparing its
 * schema, and checking content, stop after `limitMs` milliseconds each.
 */
export function formOf(
  kind: RequestKind,
  params: unknown,
  limitMs: number = CHECK_LIMIT_MS,
): RequestForm | undefined {
  const members = isRecord(params) ? params : {};
  if (kind === "userInput") return questionsForm(members.questions);
  return kind === "form" ? elicitationForm(members.requestedSchema, limitMs) : undefined;
}

/**
 * A copy of the content, which later changes don't affect. Missing content counts as an empty
 * object.
 */
export function copyContent(content: unknown): Validated<unknown> {
  let text: string | undefined;
  try {
    text = JSON.stringify(content ?? {});
  } catch (error) {
    return failed(`isn't JSON: ${messageOf(error)}`);
  }
  if (text === undefined) return failed("isn't JSON");
  if (text.length > MAX_CONTENT_CHARS) {
    return failed(`has ${text.length} characters of JSON; the limit is ${MAX_CONTENT_CHARS}`);
  }
  return { value: JSON.parse(text) };
}

function elicitationForm(requestedSchema: unknown, limitMs: number): RequestForm {
  // A schema can be unusable, for example because it is nested more deeply than recursive code can read.
  const sound = soundValue(requestedSchema);
  const schema = !sound.issues && isRecord(sound.value) ? sound.value : {};
  return {
    schema,
    check: async (content) => {
      if (sound.issues) return unusable("its schema isn't valid JSON");
      if (!isRecord(content)) return failed("must be an object");
      try {
        // A schema can be so large that preparing it takes longer than checking the content.
        const prepared = withinTime(limitMs, () => prepareSchema(schema, "Its form", { limitMs }));
        const checked = await prepared.validate(content);
        return checked.issues ? checked : { value: { content: checked.value } };
      } catch (error) {
        return unusable(messageOf(error));
      }
    },
  };
}

interface Question {
  readonly id: string;
  readonly schema: JsonSchema;
  /** The only possible answers; undefined if there are others. */
  readonly choices: readonly string[] | undefined;
}

/** One text for each question that is answered, by the question's id. */
function questionsForm(given: unknown): RequestForm {
  const questions = (Array.isArray(given) ? given : []).flatMap(questionOf);
  // Every id becomes an own member, even `__proto__`.
  const properties = Object.fromEntries(questions.map(({ id, schema }) => [id, schema]));
  return {
    schema: { type: "object", properties, additionalProperties: false },
    check: (content) => {
      if (!isRecord(content)) return failed("must be an object");
      const entries = Object.entries(content);
      const issues = entries.flatMap(([id, text]) => answerIssues(questions, id, text));
      if (issues.length > 0) return { issues: issues.slice(0, MAX_ISSUES) };
      const answers = entries.map(([id, text]) => [id, { answers: [text] }]);
      return { value: { answers: Object.fromEntries(answers) } };
    },
  };
}

function questionOf(question: unknown): Question[] {
  if (!isRecord(question) || typeof question.id !== "string") return [];
  const { id, header, question: text, isOther, isSecret, options } = question;
  const labels = (Array.isArray(options) ? options : []).flatMap((option: unknown) =>
    isRecord(option) && typeof option.label === "string" ? [option.label] : [],
  );
  const isClosed = labels.length > 0 && isOther === false;
  const schema = {
    type: "string",
    ...(typeof header === "string" && { title: header }),
    ...(typeof text === "string" && { description: text }),
    ...(labels.length > 0 && { [isClosed ? "enum" : "examples"]: labels }),
    ...(isSecret === true && { format: "password", writeOnly: true }),
  };
  return [{ id, schema, choices: isClosed ? labels : undefined }];
}

function answerIssues(questions: readonly Question[], id: string, text: unknown): OutputIssue[] {
  const question = questions.find((one) => one.id === id);
  if (question === undefined) return [{ message: "isn't the id of a question", path: [id] }];
  if (typeof text !== "string") return [{ message: "must be a string", path: [id] }];
  const { choices } = question;
  if (choices === undefined || choices.includes(text)) return [];
  return [{ message: `must be one of ${JSON.stringify(choices)}`, path: [id] }];
}

function unusable(why: string) {
  return failed(`can't be checked, so the form can only be refused: ${why}`);
}

function failed(message: string): { readonly issues: readonly OutputIssue[] } {
  return { issues: [{ message, path: [] }] };
}
