const PATHS = {
  command: "M3 4l4 4-4 4M8.5 12H13",
  fileChange: "M4 2.5h5l3 3v8H4zM6 8h4M8 6v4M6 11.5h4",
  tool: "M10.5 2.8a3.2 3.2 0 0 0-3 4.4L3 11.7 4.3 13l4.5-4.5a3.2 3.2 0 0 0 4.4-3l-1.9 1.6-1.7-.5-.4-1.7z",
  reasoning: "M8 2.5a4 4 0 0 0-2.3 7.3V12h4.6V9.8A4 4 0 0 0 8 2.5zM6.3 14h3.4",
  assistant: "M3 3.5h10v7H7.5L5 13v-2.5H3z",
  user: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3.5 13.5c.4-2.4 2.2-3.7 4.5-3.7s4.1 1.3 4.5 3.7",
  plan: "M3 4l1 1 1.6-1.8M3 8.5l1 1 1.6-1.8M3 13l1 1 1.6-1.8M8 4.2h5M8 8.7h5M8 13.2h5",
  webSearch: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14",
  agent: "M8 2.5v3M3.5 13.5v-3h9v3M8 5.5v5M6 2.5h4",
  error: "M8 2.5l6 10.5H2zM8 6.5v3M8 11.2v.3",
  notice: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.2v3.6M8 5v.3",
  image: "M2.5 3.5h11v9h-11zM2.5 10.5l3-3 3 3 2-2 3 3",
  hook: "M10 3v6.5a3 3 0 0 1-6 0V8",
  compaction: "M8 2v4M6 4.5L8 6.5l2-2M8 14v-4M6 11.5l2-2 2 2M3 8h10",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14",
  copy: "M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3",
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M6 4l4 4-4 4",
  download: "M8 2.5v7.5M5 7.5l3 3 3-3M3 13.5h10",
  link: "M6.5 9.5l3-3M7 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M9 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  help: "M6 6a2 2 0 1 1 2.8 1.8c-.5.3-.8.6-.8 1.4M8 11.5v.3",
  plus: "M8 3v10M3 8h10",
  stop: "M4.5 4.5h7v7h-7z",
  send: "M2.5 8h10M8.5 4l4 4-4 4",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
