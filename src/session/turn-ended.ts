import { CodexError } from "../errors/errors.ts";

/** Why a server request is no longer needed: its turn has ended. */
export class TurnEnded extends CodexError {
  constructor() {
    super("The turn of the request has ended");
  }
}
