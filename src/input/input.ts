import type { ImageDetail } from "../protocol/index.ts";

/** Text, sent unchanged. */
export interface TextInput {
  readonly type: "text";
  readonly text: string;
}

/**
 * An image, by URL or by the id of an uploaded file. Current servers accept only base64 `data:`
 * URLs of PNG, JPEG, GIF and WebP images.
 */
export type ImageInput = {
  readonly type: "image";
  readonly detail?: ImageDetail;
} & ({ readonly url: string } | { readonly fileId: string });

/**
 * An image file that the server reads and inlines: PNG, JPEG, GIF or WebP, regardless of its name.
 */
export interface LocalImageInput {
  readonly type: "localImage";
  readonly path: string;
  readonly detail?: ImageDetail;
}

/**
 * Audio, by base64 `data:` URL or by the id of an uploaded file: wav, mp3, m4a, webm or ogg, according
 * to its media type.
 */
export type AudioInput = {
  readonly type: "audio";
} & ({ readonly url: string } | { readonly fileId: string });

/** An audio file that the server reads and inlines: wav, mp3, m4a, webm or ogg, according to its file extension. */
export interface LocalAudioInput {
  readonly type: "localAudio";
  readonly path: string;
}

/**
 * A skill that the server knows; `path` is the path of its SKILL.md, or a `skill://` identifier.
 * The server looks in `.agents/skills` of the thread's directory and in `skills` of CODEX_HOME.
 */
export interface SkillInput {
  readonly type: "skill";
  readonly name: string;
  readonly path: string;
}

/** A file, or a target such as `app://<connector>` or `plugin://<plugin>@<marketplace>`. */
export interface MentionInput {
  readonly type: "mention";
  readonly name: string;
  readonly path: string;
}

export type InputItem =
  | TextInput
  | ImageInput
  | LocalImageInput
  | AudioInput
  | LocalAudioInput
  | SkillInput
  | MentionInput;

/** The input of a turn: an item, or several. A string is a text item. */
export type Input = string | InputItem | readonly (string | InputItem)[];
