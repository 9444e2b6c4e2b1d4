/** @file The three domains of the embedded models as the page offers them: names, what is asked for, examples. What is asked now is in settings.svelte.ts. */
import * as v from "valibot";
import type { Domain } from "../../lab/protocol.ts";

export interface Example {
  /** A word or two, for a button. */
  readonly name: string;
  readonly prompt: string;
}

export interface DomainText {
  readonly id: Domain;
  readonly name: string;
  /** What its answers are and how they are rewarded, in a line. */
  readonly about: string;
  readonly placeholder: string;
  /** The first one is asked until something else is. */
  readonly examples: readonly [Example, ...Example[]];
}

/** In the order of the page. */
export const domains: readonly DomainText[] = [
  {
    id: "sums",
    name: "Sums",
    about: "Short problems with a number as their answer: equal answers are rewarded.",
    placeholder: "Type a problem with a number as its answer",
    examples: [
      { name: "√16", prompt: "What is the square root of 16?" },
      {
        name: "Shells",
        prompt: "Mia has 14 shells. She buys 3 bags of 4. She gives away 9. How many shells does she have now?",
      },
      { name: "Coins", prompt: "Tom has 8 coins. He doubles the pile. He loses 5. How many coins does he have now?" },
      {
        name: "Cards",
        prompt: "Ida has 18 cards. She keeps one of 3 equal parts. She gets 12 more. How many cards does she have now?",
      },
    ],
  },
  {
    id: "lists",
    name: "Lists",
    about: "Small JavaScript functions on lists of numbers: programs that do the same are rewarded.",
    placeholder: "Ask for a JavaScript function f(list) that does a few steps on a list of numbers",
    examples: [
      {
        name: "Even squares",
        prompt: "Write a JavaScript function f(list) that keeps the even numbers, squares each and returns the sum.",
      },
      {
        name: "Top three",
        prompt: "Write f(list) in JavaScript: sort from largest to smallest, keep the first 3, then return the list.",
      },
      {
        name: "Odd ones",
        prompt: "In JavaScript, write f(list). It removes duplicates and returns the number of odd numbers.",
      },
      {
        name: "Without n",
        prompt: "Write a JavaScript function f(list, n) that removes every n, reverses the order and returns the list.",
      },
    ],
  },
  {
    id: "advice",
    name: "Advice",
    about: "Everyday questions without one right answer: a judge checks each answer against a rubric.",
    placeholder: "Ask for advice on something small and everyday",
    examples: [
      { name: "Mild flu", prompt: "How to treat a mild flu at home?" },
      { name: "Wine stain", prompt: "How to remove a red wine stain?" },
      { name: "Coffee", prompt: "How do I make good coffee at home?" },
      { name: "A late friend", prompt: "How do I deal with a friend who is always late?" },
    ],
  },
];

export const domainSchema = v.picklist(["sums", "lists", "advice"]);

export function domainText(id: Domain): DomainText {
  return domains.find((domain) => domain.id === id)!;
}
