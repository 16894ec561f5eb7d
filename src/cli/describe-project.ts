interface ReadFile {
  readonly name: string;
  readonly text: string;
}

const SHOWN_NAMES = 40;
const PARAGRAPH = 400;
const MAX_LINE = 10_000;

/** Describes in a few sentences what a directory contains and what its project is, from its own files. */
export function describeProject(names: readonly string[], files: readonly ReadFile[]): string {
  if (names.length === 0) return "There are no files here.";
  return [listing(names), about(files)].join("\n\n");
}

function listing(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(", ");
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : "";
  const count = names.length === 1 ? "one entry" : `${names.length} entries`;
  return `There ${names.length === 1 ? "is" : "are"} ${count} here: ${shown}${more}.`;
}

function about(files: readonly ReadFile[]): string {
  const readme = files.find(({ name }) => /^readme/i.test(name));
  const manifest = files.find((file) => file !== readme);
  const name = field(manifest, "name") ?? goModule(manifest) ?? title(readme);
  const description = field(manifest, "description");
  const paragraph = firstParagraph(readme?.text ?? "");
  const sentences = [
    name && `The project is ${name}${description ? `: ${sentence(description)}` : "."}`,
    paragraph && `Its ${readme?.name} says: ${paragraph}`,
  ].filter(Boolean);
  if (sentences.length === 0) return "None of them says what the project is.";
  return `${sentences.join("\n\n")}\n\n(Source: ${files.map((file) => file.name).join(" and ")}.)`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A string field of JSON or TOML, which may be truncated. */
function field(file: ReadFile | undefined, key: string): string | undefined {
  const pattern = new RegExp(`^[ \\t]*"?${key}"?[ \\t]*[:=][ \\t]*("(?:[^"\\\\\n]|\\\\.)*")`);
  const lines = (file?.text ?? "").split("\n");
  const quoted = lines.map((line) => pattern.exec(line.slice(0, MAX_LINE))?.[1]).find(Boolean);
  if (quoted === undefined) return undefined;
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted.slice(1, -1);
  }
}

function goModule(file: ReadFile | undefined): string | undefined {
  return file?.name === "go.mod" ? /^module\s+(\S+)/m.exec(file.text)?.[1] : undefined;
}

function title(readme: ReadFile | undefined): string | undefined {
  return /^#\s+(.+)$/m.exec(readme?.text ?? "")?.[1]?.trim();
}

/** The first paragraph that is prose: no heading, picture, badge, markup or code. */
function firstParagraph(markdown: string): string | undefined {
  const prose = markdown
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/^#.*$/gm, "").replaceAll(/\s+/g, " ").trim())
    .find((paragraph) => /^[^[!<|=*-]/.test(paragraph) || /^\*\*|^\[[^\]!]/.test(paragraph));
  if (prose === undefined || prose.length <= PARAGRAPH) return prose;
  return `${prose.slice(0, prose.lastIndexOf(" ", PARAGRAPH))} …`;
}
