/** @file Where a key leads in a grid of which Tab reaches one cell. Moves no focus. */

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** All of it inclusive; rows begin at 0. */
interface Grid {
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Stays within the grid. @returns null for a key that does not move. */
export function placeAfter(event: Pressed, { row, column }: Place, grid: Grid): Place | null {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return null;
  const { lastRow, firstColumn, lastColumn } = grid;
  const to = {
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    Home: { row, column: firstColumn },
    End: { row, column: lastColumn },
  }[event.key];
  if (to === undefined) return null;
  return {
    row: Math.max(0, Math.min(lastRow, to.row)),
    column: Math.max(firstColumn, Math.min(lastColumn, to.column)),
  };
}
