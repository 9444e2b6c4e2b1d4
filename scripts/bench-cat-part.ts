/** @file A process of `bench cat`: scores its part of the items and says how far it is. Started by bench-cat.ts alone. */
import { type PartMessage, type PartRequest, scorePart } from "./bench-cat.ts";

const send = (message: PartMessage): boolean | undefined => process.send?.(message);

process.once("message", (request: PartRequest) => {
  void scorePart(request, (share) => send({ share }))
    .then((outcomes) => send({ outcomes }))
    .finally(() => {
      process.disconnect();
    });
});
