const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Ids that the scripted model makes: `call_` and 32 hexadecimal digits. */
const MODEL_ID = /\b([a-z]+)_[0-9a-f]{32}\b/g;
const TEMPORARY = /\/[^\s"'<>\\]*codex-sdk-report-\w+/g;

/** Replaces what differs between two runs of a program: ids by their order of appearance, places, times. */
export function normalise(report, { cwd, home, port }) {
  const names = new Map();
  const nameOf = (kind) => (id) => {
    if (!names.has(id)) names.set(id, `<${kind} ${names.size + 1}>`);
    return names.get(id);
  };
  const text = JSON.stringify(report)
    .replaceAll(cwd, "<cwd>")
    .replaceAll(home, "<home>")
    .replaceAll(`:${port}`, ":<port>")
    .replace(TEMPORARY, "<tmp>")
    .replace(/codex-sdk-compat-\w+/g, "<folder>")
    .replace(UUID, nameOf("id"))
    .replace(MODEL_ID, (id, kind) => nameOf(kind)(id))
    .replace(/"turn_started_at_unix_ms":\d+/g, '"turn_started_at_unix_ms":0')
    .replace(/Wall time: [\d.]+ seconds/g, "Wall time: 0 seconds")
    .replace(/Chunk ID: [0-9a-f]+/g, "Chunk ID: 0")
    .replace(/session ID \d+/g, "session ID 0")
    .replace(/"create_time":[\d.]+/g, '"create_time":0');
  return JSON.parse(text);
}
