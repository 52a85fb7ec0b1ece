import type { SourceEdit } from './mutated-copy.js';

/** Edits that put checks of circuits behind switches: elements of an input `armed` that each template hands on, 1 for a check that is on. */
export interface Switches<Check extends string> {
  readonly switchOf: (check: Check) => string;
  /** The switches as an input of a template, declared after this line. */
  readonly declared: (file: string, after: string) => SourceEdit;
  /** Hands them to a component, after this line. */
  readonly passOn: (file: string, component: string, after: string) => SourceEdit;
  /** `left === right` becomes `armed * (left - right) === 0`, where the difference is linear. */
  readonly linear: (file: string, statement: string, check: Check) => SourceEdit;
  /** `statement` with a product on one side becomes `armed * (left - right) === 0` by a signal for the difference, which `signals` declares. */
  readonly quadratic: (file: string, statement: string, check: Check, name: string, index?: string) => SourceEdit;
  /** `component.in <== value` becomes `component.in <== armed * value`, which is 0 without the switch; the value is linear. */
  readonly muted: (file: string, target: string, value: string, check: Check) => SourceEdit;
  /** Signals of these names, declared before this line. */
  readonly signals: (file: string, before: string, names: readonly string[], size?: string) => SourceEdit;
}

export function switchesOf<Check extends string>(checks: readonly Check[]): Switches<Check> {
  const switchOf = (check: Check): string => `armed[${checks.indexOf(check)}]`;
  const sides = (statement: string): string => statement.split(' === ').join(' - (');
  return {
    switchOf,
    declared: (file, after) => ({ file, from: `\n${after}\n`, to: `\n${after}\n    signal input armed[${checks.length}];\n` }),
    passOn: (file, component, after) => ({ file, from: `${after}\n`, to: `${after}\n ${component}.armed <== armed;\n` }),
    linear: (file, statement, check) => ({ file, from: `${statement};`, to: `${switchOf(check)} * (${sides(statement)})) === 0;` }),
    quadratic: (file, statement, check, name, index = '') => ({ file, from: `${statement};`, to: `${name}${index} <== ${sides(statement)}); ${switchOf(check)} * ${name}${index} === 0;` }),
    muted: (file, target, value, check) => ({ file, from: `${target} <== ${value};`, to: `${target} <== ${switchOf(check)} * (${value});` }),
    signals: (file, before, names, size = '') => ({ file, from: `\n${before}\n`, to: `\n${names.map((name) => `    signal ${name}${size};`).join('\n')}\n${before}\n` }),
  };
}
