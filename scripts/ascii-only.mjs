/**
 * Escapes all characters that aren't ASCII. A single character beyond Latin-1 makes V8 keep its whole
 * file in two bytes per character, which takes longer to read.
 */
export const asciiOnly = {
  name: "ascii-only",
  // After `renderChunk`, the code is printed again, which would undo the escapes.
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = file.code.replaceAll(/[\u0080-\uffff]/g, escaped);
    }
  },
};

function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
