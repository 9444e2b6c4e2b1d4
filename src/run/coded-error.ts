/** @file An error with a code of its own, which the end of a run says: for failures outside the core, which the codes of `ModelError` do not name. */

/** `message` names the value and the remedy. */
export class CodedError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
