/** A time span, such as "412 ms", "3.25 s" or "2 m 05 s". */
export function duration(ms: number): string {
  if (ms <= 0) return "0 ms";
  if (ms < 0.95) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} m`;
}

/** A time since the trace began, in seconds with three digits after the point. */
export function clock(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** A number of tokens, such as "950", "12.4k" or "1.2M". */
export function tokens(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 999_950) return `${trimmed(count / 1_000)}k`;
  return `${trimmed(count / 1_000_000)}M`;
}

export function bytes(count: number): string {
  if (count < 1_024) return `${count} B`;
  if (count < 1_024 * 1_024) return `${trimmed(count / 1_024)} kB`;
  return `${trimmed(count / 1_024 / 1_024)} MB`;
}

export function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 1 ? "< 1%" : `${Math.round(value)}%`;
}

/** "1 turn", "2 turns". */
export function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`;
}

/** How long ago a Unix time in milliseconds was, such as "now", "5 m", "3 h" or "12 d". */
export function ago(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} m`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 60 / 24)} d`;
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0] ?? "";
}

/** The last parts of a path. */
export function shortPath(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.length <= 3 ? path : `…/${parts.slice(-2).join("/")}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function trimmed(number: number): string {
  return number < 100 ? number.toFixed(1).replace(/\.0$/, "") : String(Math.round(number));
}
