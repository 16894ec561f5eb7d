import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

export interface S3Server extends AsyncDisposable {
  readonly url: string;
  readonly objects: ReadonlyMap<string, Buffer>;
}

/** The part of the S3 API that a store uses, in memory. It lists two objects per page. */
export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const [, bucket, ...rest] = url.pathname.split("/").map(decodeURIComponent);
    const key = rest.join("/");
    response.setHeader("content-type", "application/xml");
    if (bucket !== "threads") {
      response.writeHead(404).end("<Error><Code>NoSuchBucket</Code></Error>");
    } else if (request.method === "PUT") {
      objects.set(key, await buffer(request));
      response.writeHead(200).end();
    } else if (request.method === "DELETE") {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (key === "") {
      const prefix = url.searchParams.get("prefix") ?? "";
      const after = url.searchParams.get("continuation-token") ?? "";
      const keys = [...objects.keys()]
        .sort()
        .filter((one) => one.startsWith(prefix) && one > after);
      const page = keys.slice(0, 2);
      const contents = page.map((one) => `<Contents><Key>${one}</Key></Contents>`).join("");
      const more = keys.length > page.length;
      const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
      response.end(
        `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents}</ListBucketResult>`,
      );
    } else {
      const object = objects.get(key);
      if (object) response.setHeader("content-type", "application/octet-stream").end(object);
      else response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
