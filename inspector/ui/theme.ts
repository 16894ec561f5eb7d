const THEMES = ["", "light", "dark"] as const;

/** Switches between the system's colours, light and dark. */
export function nextTheme(): void {
  const { dataset } = document.documentElement;
  const at = THEMES.findIndex((theme) => theme === (dataset.theme ?? ""));
  dataset.theme = THEMES[(at + 1) % THEMES.length];
}
