/** @file What goes wrong with a server, as one error that says what and what to do. */
import { CodedError } from "../run/coded-error.ts";

/** A served model did not answer as it should. `message` names the server and the remedy. */
export class ServerError extends CodedError {
  constructor(message: string, options?: ErrorOptions) {
    super("server", message, options);
    this.name = "ServerError";
  }
}
