import { dayOf } from './calendar.js';

/** A crash people know by name; of two days where the fall went past midnight UTC. */
export interface Crash {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

export const CRASHES: readonly Crash[] = [
  crash('2020-03-12 pandemic', '2020-03-12', '2020-03-13'),
  crash('2021-05-19 leverage', '2021-05-19', '2021-05-19'),
  crash('2022-05 Terra', '2022-05-01', '2022-05-31'),
  crash('2022-11 FTX', '2022-11-01', '2022-11-30'),
  crash('2025-10-10 liquidations', '2025-10-10', '2025-10-11'),
];

function crash(name: string, first: string, last: string): Crash {
  return { name, first: dayOf(first) as number, last: dayOf(last) as number };
}
