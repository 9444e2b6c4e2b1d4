/** @file Who plays policy, anchor and judge where it is not the page's own: servers as they were typed, tried and chosen. Asks the worker; knows no requests. */
import * as v from "valibot";
import type { LabClient } from "../../lab/client.ts";
import { type JudgeChoice, OWN_ROLES, serverAddress, type ServedPlace, type ServerReport } from "../../lab/protocol.ts";
import { originToAllow } from "./allowed-hosts.ts";
import { kept } from "./kept.ts";
import type { LabModel } from "./lab-model.svelte.ts";

export type Role = "policy" | "anchor" | "judge";

/** As typed. */
interface Typed {
  readonly server: string;
  readonly model: string;
  readonly key: string;
  readonly keepKey: boolean;
}

/** Where trying a server stands. */
export type Trial =
  | { readonly phase: "trying" }
  | { readonly phase: "answered"; readonly report: ServerReport }
  | { readonly phase: "failed"; readonly message: string };

const typedSchema = v.object({ server: v.string(), model: v.string(), key: v.string(), keepKey: v.boolean() });
const nothing: Typed = { server: "", model: "", key: "", keepKey: false };
const keptTyped = {
  policy: kept("localStorage", "cat-lab.served.policy", typedSchema, nothing),
  anchor: kept("localStorage", "cat-lab.served.anchor", typedSchema, nothing),
  judge: kept("localStorage", "cat-lab.served.judge", typedSchema, nothing),
};

export class ServedRoles {
  typed = $state.raw<Readonly<Record<Role, Typed>>>({
    policy: keptTyped.policy.read(),
    anchor: keptTyped.anchor.read(),
    judge: keptTyped.judge.read(),
  });
  trials = $state.raw<Readonly<Partial<Record<Role, Trial>>>>({});
  /** In use. */
  anchor = $state.raw<ServedPlace | null>(OWN_ROLES.anchor);
  judge = $state.raw<JudgeChoice>(OWN_ROLES.judge);
  readonly #client: () => LabClient;
  readonly #model: LabModel;

  constructor(client: () => LabClient, model: LabModel) {
    this.#client = client;
    this.#model = model;
  }

  /** Where a role is on a server; `null`: it is not. */
  placeOf(role: Role): ServedPlace | null {
    if (role === "policy") return this.#model.served;
    if (role === "anchor") return this.anchor;
    return this.judge.from === "server" ? this.judge.place : null;
  }

  /** What is typed lasts; a key only where the visitor wants it. */
  type(role: Role, fields: Partial<Typed>): void {
    const typed = { ...this.typed[role], ...fields };
    this.typed = { ...this.typed, [role]: typed };
    this.trials = { ...this.trials, [role]: undefined };
    keptTyped[role].write(typed.keepKey ? typed : { ...typed, key: "" });
  }

  /** Asks the server one short question; without a model's name only what it has. */
  async try(role: Role): Promise<void> {
    const say = (trial: Trial): void => {
      this.trials = { ...this.trials, [role]: trial };
    };
    const asked = this.typed[role];
    const place = this.#placeTyped(role);
    if (typeof place === "string") {
      say({ phase: "failed", message: place });
      return;
    }
    say({ phase: "trying" });
    const outcome = await this.#client()
      .check(place)
      .then(
        (report): Trial => ({ phase: "answered", report }),
        (error: unknown): Trial => ({
          phase: "failed",
          message: error instanceof Error ? error.message : String(error),
        }),
      );
    // What was typed meanwhile was not tried.
    if (this.typed[role] === asked) say(outcome);
  }

  /** Gives the role to the server that is typed, or says what is missing. */
  use(role: Role): void {
    const place = this.#placeTyped(role);
    const missing = typeof place === "string" ? place : place.model === "" ? "Type the name of the model there." : null;
    if (typeof place === "string" || missing !== null) {
      this.trials = { ...this.trials, [role]: { phase: "failed", message: missing ?? "" } };
      return;
    }
    if (role === "policy") this.#model.serve(place);
    else if (role === "anchor") this.#choose(place, this.judge);
    else this.#choose(this.anchor, { from: "server", place });
  }

  /** A judge that is on no server. */
  judgeBy(judge: Exclude<JudgeChoice, { from: "server" }>): void {
    this.#choose(this.anchor, judge);
  }

  anchorByPolicy(): void {
    this.#choose(null, this.judge);
  }

  #choose(anchor: ServedPlace | null, judge: JudgeChoice): void {
    this.anchor = anchor;
    this.judge = judge;
    this.#client().choose({ anchor, judge });
  }

  /** @returns a sentence for what is no address, or one that this copy of the page may not ask */
  #placeTyped(role: Role): ServedPlace | string {
    const { server: text, model, key } = this.typed[role];
    const server = serverAddress(text);
    if (server === null) return "Type the address of the server, such as http://127.0.0.1:8000/v1.";
    const refused = originToAllow(server);
    if (refused !== null) {
      return `This copy of the page may not ask ${refused}. Whoever hosts it can allow that: npm run build -- --allow ${refused}`;
    }
    return { server, model: model.trim(), key: key.trim() === "" ? null : key.trim() };
  }
}
