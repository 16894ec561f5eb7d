import { LaunchError } from "../errors/errors.ts";

/** The server has ended permanently: connecting again is useless. */
export class ServerEnded extends LaunchError {}
