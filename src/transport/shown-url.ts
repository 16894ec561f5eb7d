/** A URL for errors and names: without user, password and the values of its query. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  if (shown.username !== "" || shown.password !== "") {
    shown.username = "***";
    shown.password = "";
  }
  for (const name of new Set(shown.searchParams.keys())) shown.searchParams.set(name, "***");
  return shown.href;
}

/** The safe form of text that may not be a URL. */
export function shownAddress(address: string): string {
  if (URL.canParse(address)) return shownUrl(new URL(address));
  return address
    .replace(/\/\/[^/?#]*@/, "//***@")
    .replace(/[?#].*/s, "?***")
    .slice(0, 200);
}
