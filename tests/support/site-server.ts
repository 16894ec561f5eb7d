import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export interface SiteServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves the built site as GitHub Pages does: `/page` is `page.html`, and `404.html` for missing pages. */
export async function serveSite(folder: string): Promise<SiteServer> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    const place = path.join(folder, asked);
    const found = [place, `${place}.html`, path.join(place, "index.html")].find(isFile);
    const file = found ?? path.join(folder, "404.html");
    const type = types[path.extname(file)] ?? "application/octet-stream";
    response.writeHead(found ? 200 : 404, { "content-type": type });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}
