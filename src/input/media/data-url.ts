import { InvalidInputError } from "../../errors/errors.ts";

/** What a `data:` URL carries. */
export interface Data {
  /** In lower case, without parameters; empty when the URL names none. */
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/**
 * Reads a `data:` URL as the server does: it must be in base64, with padding and without white space.
 *
 * @param place what errors call the URL: `input[0].url`.
 * @throws {InvalidInputError} it can't be read so.
 */
export function readDataUrl(url: string, place: string): Data {
  const comma = url.indexOf(",");
  const [mediaType = "", ...parameters] = url.slice("data:".length, comma).toLowerCase().split(";");
  if (comma === -1 || parameters.at(-1) !== "base64") {
    throw new InvalidInputError(
      `${place} must be a data: URL in base64, as data:image/png;base64,…`,
    );
  }
  const text = url.slice(comma + 1);
  const bytes = Buffer.from(text, "base64");
  // Node passes over what is not base64, and the server refuses it.
  if (bytes.toString("base64") !== text) {
    throw new InvalidInputError(
      `${place} is not valid base64: it must be padded with "=", and have no line breaks or spaces`,
    );
  }
  return { mediaType, bytes };
}
