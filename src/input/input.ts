import type { ImageDetail } from "../protocol/index.ts";

/** Text, sent as it is. */
export interface TextInput {
  readonly type: "text";
  readonly text: string;
}

/** An image by URL (servers of today take only `data:` URLs) or by the id of an uploaded file. */
export type ImageInput = {
  readonly type: "image";
  readonly detail?: ImageDetail;
} & ({ readonly url: string } | { readonly fileId: string });

/** An image file that the server reads and inlines. */
export interface LocalImageInput {
  readonly type: "localImage";
  readonly path: string;
  readonly detail?: ImageDetail;
}

/** Audio by URL (`data:`) or by the id of an uploaded file. */
export type AudioInput = {
  readonly type: "audio";
} & ({ readonly url: string } | { readonly fileId: string });

/** An audio file that the server reads and inlines. */
export interface LocalAudioInput {
  readonly type: "localAudio";
  readonly path: string;
}

/** A skill that the server knows; `path` is that of its SKILL.md, or a `skill://` identifier. */
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

/** What a turn takes: a string is one text item, wherever it stands. */
export type Input = string | InputItem | readonly (string | InputItem)[];
