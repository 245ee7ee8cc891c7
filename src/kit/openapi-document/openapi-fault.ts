/** Why a document, or one part of it, can't be read. The message is for its author. */
export class OpenApiFault extends Error {
  readonly of: 'document' | 'part';

  // A parameter property would not run from the source, because Node only strips types.
  constructor(of: OpenApiFault['of'], message: string) {
    super(message);
    this.of = of;
  }
}
