const MILLISECONDS = 86_400_000;
/** A day alone or with the midnight that begins it in UTC, as data vendors write it. */
const DATE = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00:00(?:Z|\+00:00))?$/;

/** Days since 1970-01-01; undefined for what is no day of the calendar. */
export function dayOf(text: string): number | undefined {
  const date = DATE.exec(text)?.[1];
  if (date === undefined) return undefined;
  const day = Date.parse(`${date}T00:00:00Z`) / MILLISECONDS;
  // Date.parse takes 30 February for 1 March.
  return Number.isInteger(day) && dateOf(day) === date ? day : undefined;
}

/** The inverse of dayOf: "2020-03-12". */
export function dateOf(day: number): string {
  return new Date(day * MILLISECONDS).toISOString().slice(0, 10);
}

export function yearOf(day: number): number {
  return Number(dateOf(day).slice(0, 4));
}
