/** How a client is inspected. */
export interface InspectOptions {
  /** Port on 127.0.0.1. Default 0: any free port. */
  readonly port?: number | undefined;
  /** Called with a link to the page, which can be opened only once. Default: prints the link to stderr. */
  readonly onLink?: ((link: string) => void) | undefined;
}
