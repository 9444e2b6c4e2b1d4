/** @file Model cards quote tables, so that no figure stands there that no command printed: `<!-- NAME: written by npm run results --> … <!-- /NAME -->`. */

const PLACE = /<!-- ([\w-]+): written by npm run results -->[\s\S]*?<!-- \/\1 -->/g;

/**
 * @param card a model's README.
 * @param written what each table says, by its name.
 * @returns the card with every place filled that has a table; a table that was not measured leaves its place as it is.
 * @throws Error naming a place that opens and does not close.
 */
export function fillCard(card: string, written: ReadonlyMap<string, string>): string {
  const opened = card.match(/<!-- [\w-]+: written by npm run results -->/g) ?? [];
  if (opened.length !== (card.match(PLACE) ?? []).length) {
    throw new Error(`a place for a table does not close: each of ${opened.join(", ")} needs its <!-- /NAME -->`);
  }
  return card.replaceAll(PLACE, (place: string, name: string) => {
    const table = written.get(name);
    if (table === undefined) return place;
    return `<!-- ${name}: written by npm run results -->\n\n${table}\n\n<!-- /${name} -->`;
  });
}
