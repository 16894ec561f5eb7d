const UNRELEASED = "## Unreleased";
const CHANGED = "### Changed";

/** The changelog with this entry first under "Changed" of the next version. */
export function draftEntry(changelog, entry) {
  const start = changelog.indexOf(UNRELEASED);
  if (start === -1) return draftEntry(withSection(changelog), entry);
  const next = changelog.indexOf("\n## ", start + 1);
  const end = next === -1 ? changelog.length : next;
  const changed = changelog.slice(start, end).indexOf(CHANGED);
  if (changed === -1) {
    const at = start + UNRELEASED.length;
    return `${changelog.slice(0, at)}\n\n${CHANGED}\n\n${entry.trim()}${changelog.slice(at)}`;
  }
  const at = start + changed + CHANGED.length;
  return `${changelog.slice(0, at)}\n\n${entry.trim()}${changelog.slice(at).replace(/^\n+/, "\n")}`;
}

/** Adds a section for the next version, before that of the last one. */
function withSection(changelog) {
  const at = changelog.search(/^## /m);
  if (at === -1) return `${changelog.trimEnd()}\n\n${UNRELEASED}\n`;
  return `${changelog.slice(0, at)}${UNRELEASED}\n\n${changelog.slice(at)}`;
}
