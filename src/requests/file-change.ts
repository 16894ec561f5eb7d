import type { Draft, RequestSection } from "./description.ts";
import { Members } from "./members.ts";
import { forFiles, listedOptions, reviewOptions } from "./options.ts";
import {
  diffSection,
  exactJsonSections,
  exactSections,
  reasonSection,
  roundingWarning,
  textSection,
} from "./sections.ts";

const TITLE = "Make these changes to files";
const GRANT = "For the rest of the session, allows writing under";

/** `item/fileChange/requestApproval`: the changes themselves are in the item. */
export function describeFileChange(params: Members, item: Members): Draft {
  params.drop("threadId", "turnId", "itemId", "startedAtMs");
  const changes = item.text("type") === "fileChange" ? (item.list("changes") ?? []) : [];
  const { options, unknown } = listedOptions(params);
  const paths = changes.flatMap((change) => {
    const { path, kind } = Object(change) as Readonly<Record<string, unknown>>;
    return [path, (Object(kind) as Readonly<Record<string, unknown>>).move_path];
  });
  const sections = [
    ...reasonSection("Reason given", params.text("reason")),
    ...grantSections(params.text("grantRoot")),
    ...changes.flatMap(changeSections),
    ...unknown,
    ...params.unknown(),
  ];
  return { kind: "fileChange", title: TITLE, sections, options: forFiles(options, paths) };
}

/** `applyPatchApproval`, of older servers: the changes are in the request, by path. */
export function describeOldFileChange(params: Members): Draft {
  params.drop("conversationId", "callId");
  const changes = Object.entries(params.object("fileChanges") ?? {});
  const sections = [
    ...reasonSection("Reason given", params.text("reason")),
    ...grantSections(params.text("grantRoot")),
    ...changes.flatMap(([path, change]) => oldChangeSections(path, change)),
    ...params.unknown(),
  ];
  const paths = changes.flatMap(([path, change]) => [
    path,
    (Object(change) as Readonly<Record<string, unknown>>).move_path,
  ]);
  const options = forFiles(reviewOptions(), paths);
  return { kind: "fileChange", title: TITLE, sections, options };
}

function grantSections(root: string | undefined): RequestSection[] {
  return root === undefined || root === "" ? [] : exactSections(GRANT, root, "context");
}

function changeSections(change: unknown): RequestSection[] {
  const members = new Members(change);
  const kind = new Members(members.object("kind"));
  const type = kind.text("type");
  const path = members.text("path");
  const diff = members.text("diff");
  const target = kind.text("move_path");
  const rest = [...members.unknown(), ...kind.unknown()];
  const isKnown = rest.length === 0 && path !== undefined && diff !== undefined;
  return (isKnown && fileSections(type, path, diff, target)) || wholeChange(change);
}

function oldChangeSections(path: string, change: unknown): RequestSection[] {
  const members = new Members(change);
  const type = members.text("type");
  const text = members.text(type === "update" ? "unified_diff" : "content");
  const target = members.text("move_path");
  const isKnown = members.areAllKnown && text !== undefined;
  return (
    (isKnown && fileSections(type, path, text, target)) || wholeChange({ [path]: change }, true)
  );
}

/** The sections for one file: the server sends a diff for an edited file, but the plain text of one that is added or deleted. */
function fileSections(
  type: string | undefined,
  path: string,
  text: string,
  target: string | undefined,
): RequestSection[] | undefined {
  if (target !== undefined && type !== "update") return undefined;
  switch (type) {
    case "add":
      return [...exactSections("Add", path), textSection("subject", "With this text", text)];
    case "delete":
      return [...exactSections("Delete", path), textSection("subject", "Its text", text)];
    case "update":
      return [
        ...exactSections("Edit", path),
        ...(target === undefined ? [] : exactSections("And move it to", target)),
        diffSection("Difference", text),
      ];
    default:
      return undefined;
  }
}

/**
 * The whole change as JSON. If it is from an item, that was parsed separately from the request, so
 * its numbers may have been rounded.
 */
function wholeChange(change: unknown, isOfRequest = false): RequestSection[] {
  const sections = exactJsonSections("Change", change);
  return [...(isOfRequest ? [] : roundingWarning(sections)), ...sections];
}
