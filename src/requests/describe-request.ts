import { escapeLine } from "../text/visible.ts";
import { charsIn } from "../util/chars-in.ts";
import { describeCommand, describeOldCommand } from "./command.ts";
import type {
  Draft,
  FileWarning,
  RequestDescription,
  RequestOption,
  RequestSection,
} from "./description.ts";
import { describeElicitation } from "./elicitation.ts";
import { describeFileChange, describeOldFileChange } from "./file-change.ts";
import { Members } from "./members.ts";
import { refusalAmong } from "./options.ts";
import { describePermissions } from "./permissions.ts";
import { jsonSection, ROUNDING, roundingWarning, warning } from "./sections.ts";
import { describeUserInput, NO_ANSWERS } from "./user-input.ts";

/**
 * The order of the sections: contradictions come first, and the subject of the approval last, so
 * that nothing scrolls it off the screen.
 */
const ORDER: readonly RequestSection["role"][] = [
  "warning",
  "reason",
  "context",
  "unknown",
  "subject",
];

/**
 * The maximum size of a request that is shown. It is more than anyone reads, and escaping more would block the program.
 */
const MAX_CHARS = 4 * 2 ** 20;

/**
 * Describes a server request as data to show: exact and complete, with the answers that it offers.
 * Everything that could control a screen is escaped. Never throws.
 *
 * `item` is the thread item that the request is about, if known: it contains the diff of a file
 * change. If the item and the request differ, the request is described, with a warning. `exactNumbers` comes
 * from the request's context. Without it, the description warns wherever it shows numbers, because
 * they may have been rounded when the request was parsed. `files` is the context's `fileWarnings`, which
 * the description shows. A request with more than 4 Mi characters, including its item, isn't shown, and
 * can only be refused; each member counts as 40 characters.
 */
export function describeRequest(
  method: string,
  params: unknown,
  item?: unknown,
  exactNumbers = false,
  files: readonly FileWarning[] = [],
): RequestDescription {
  const isTooLarge = charsIn([params, item], MAX_CHARS) > MAX_CHARS;
  const draft = isTooLarge
    ? unshown(method)
    : completed(draftOf(method, params, item), exactNumbers, files);
  const sections = ORDER.flatMap((role) => draft.sections.filter((one) => one.role === role));
  const isEmpty = !sections.some(({ role }) => role === "subject");
  const options = isEmpty
    ? draft.options.filter(({ effect }) => effect === "refuse")
    : draft.options;
  const { kind } = draft;
  const title = escapeLine(draft.title);
  return { method, kind, title, sections, options, refusal: refusalOf(draft, options) };
}

function completed(draft: Draft, exactNumbers: boolean, files: readonly FileWarning[]): Draft {
  const sections = [...draft.sections, ...files.map(fileWarning)];
  if (exactNumbers || sections.includes(ROUNDING)) return { ...draft, sections };
  const grants = draft.options.flatMap((option) => option.grants);
  return { ...draft, sections: [...sections, ...roundingWarning([...sections, ...grants])] };
}

function fileWarning(about: FileWarning): RequestSection {
  const { kind, path } = about;
  if (kind === "link") {
    return warning(`${path} leads through a link. The real path is ${about.target}.`);
  }
  if (kind === "replaced") return warning(`${path} already exists. Its content would be lost.`);
  return warning(`The client couldn't find out where ${path} leads, or what it would replace.`);
}

/** The draft for a request that isn't shown. It has no subject, so that the request can't be accepted. */
function unshown(method: string): Draft {
  const text = `The request isn't shown: it has more than ${MAX_CHARS} characters. It can only be refused.`;
  return { ...draftOf(method, undefined, undefined), sections: [warning(text)] };
}

function draftOf(method: string, params: unknown, item: unknown): Draft {
  const members = new Members(params);
  const about = new Members(item);
  switch (method) {
    case "item/commandExecution/requestApproval":
      return describeCommand(members, about);
    case "execCommandApproval":
      return describeOldCommand(members);
    case "item/fileChange/requestApproval":
      return describeFileChange(members, about);
    case "applyPatchApproval":
      return describeOldFileChange(members);
    case "item/permissions/requestApproval":
      return describePermissions(members);
    case "mcpServer/elicitation/request":
      return describeElicitation(params, members, about);
    case "item/tool/requestUserInput":
      return describeUserInput(members);
    default:
      return describeOther(params);
  }
}

function describeOther(params: unknown): Draft {
  return {
    kind: "unknown",
    title: "Answer this server request",
    sections: [jsonSection("subject", "Parameters", params)],
    options: [],
  };
}

function refusalOf({ kind }: Draft, options: readonly RequestOption[]): RequestOption {
  if (kind === "userInput") return NO_ANSWERS;
  return refusalAmong(options);
}
