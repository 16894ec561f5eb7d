import type { S3Client } from "@aws-sdk/client-s3";
import { BlobThreadStore } from "./blob-thread-store.ts";
import { type Blobs, MAX_STATE_BYTES, tooLarge } from "./blobs.ts";
import type { ThreadStore } from "./thread-store.ts";

export interface S3StoreOptions {
  readonly bucket: string;
  /** The prefix of all object names. Default "codex-threads/". */
  readonly prefix?: string | undefined;
  /** An `S3Client` of `@aws-sdk/client-s3`, configured with the region, endpoint and credentials. */
  readonly client: S3Client;
}

/**
 * Stores threads in an S3 bucket, or in any other storage service with the same API and strong consistency.
 * Needs the package `@aws-sdk/client-s3`.
 *
 * @example
 * import { S3Client } from "@aws-sdk/client-s3";
 * const store = s3Store({ client: new S3Client({ region: "eu-central-1" }), bucket: "my-threads" });
 */
export function s3Store({
  client,
  bucket,
  prefix = "codex-threads/",
}: S3StoreOptions): ThreadStore {
  if (typeof bucket !== "string" || bucket === "") {
    throw new TypeError("s3Store option bucket must be a non-empty string");
  }
  if (typeof client?.send !== "function") {
    throw new TypeError("s3Store option client must be an S3Client of @aws-sdk/client-s3");
  }
  return new BlobThreadStore(new S3Blobs(client, bucket, prefix));
}

class S3Blobs implements Blobs {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  /** Loaded when it is first needed: it is an optional dependency. */
  readonly #api: () => Promise<typeof import("@aws-sdk/client-s3")>;

  constructor(client: S3Client, bucket: string, prefix: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#api = () => import("@aws-sdk/client-s3");
  }

  async list(folder: string): Promise<string[]> {
    const { ListObjectsV2Command } = await this.#api();
    const prefix = this.#key(folder, "");
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          ContinuationToken: token,
        }),
      );
      for (const { Key } of page.Contents ?? []) {
        if (Key !== undefined) names.push(Key.slice(prefix.length));
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return names;
  }

  async read(folder: string, name: string): Promise<Buffer | undefined> {
    const { GetObjectCommand, NoSuchKey } = await this.#api();
    try {
      const key = this.#key(folder, name);
      const object = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key }),
      );
      if ((object.ContentLength ?? 0) > MAX_STATE_BYTES) {
        if (object.Body && "destroy" in object.Body) object.Body.destroy();
        throw tooLarge(`The stored state ${key}`);
      }
      const bytes = await object.Body?.transformToByteArray();
      return Buffer.from(bytes ?? new Uint8Array());
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async write(folder: string, name: string, bytes: Buffer): Promise<void> {
    const { PutObjectCommand } = await this.#api();
    await this.#client.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: this.#key(folder, name), Body: bytes }),
    );
  }

  async remove(folder: string, names: readonly string[]): Promise<void> {
    const { DeleteObjectCommand } = await this.#api();
    // One request each, because not every service with this API supports deleting several objects
    // at once.
    for (const name of names) {
      await this.#client.send(
        new DeleteObjectCommand({ Bucket: this.#bucket, Key: this.#key(folder, name) }),
      );
    }
  }

  #key(folder: string, name: string): string {
    return `${this.#prefix}${folder}/${name}`;
  }
}
