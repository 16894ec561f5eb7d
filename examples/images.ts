// Images with text: as data, or as a file that the server reads.
import { writeFile } from "node:fs/promises";
import { Codex, type ImageInput, type LocalImageInput } from "codex-app-server";

const redSquare =
  "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgAQMAAABJtOi3AAAAA1BMVEXcHijCHWarAAAADElEQVR42mNgGNwAAACgAAGO" +
  "+7G0AAAAAElFTkSuQmCC";
await writeFile("square.png", Buffer.from(redSquare, "base64"));

await using codex = new Codex();
const thread = await codex.threadStart();

// A relative path is relative to the `cwd` of the client. A missing file is an error before
// anything is sent: the server would silently ignore it.
const file: LocalImageInput = { type: "localImage", path: "square.png" };
const data: ImageInput = {
  type: "image",
  url: `data:image/png;base64,${redSquare}`,
  detail: "low",
};

// A string is a text item, in any position.
const { text } = await thread.run(["Are these two images the same?", file, data]);
console.log(text);
