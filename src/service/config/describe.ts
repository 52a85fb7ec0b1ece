import { allFields, type NamedField, type ServiceConfig } from './schema.js';

/** One field as it is in effect. */
export interface EffectiveValue {
  readonly field: string;
  /** Secrets as "set" or "not set". */
  readonly value: string;
}

export function effectiveValues(config: ServiceConfig): readonly EffectiveValue[] {
  return allFields().map(({ name, section, key, field }) => {
    const holder = (section === undefined ? config : config[section as keyof ServiceConfig]) as Readonly<Record<string, unknown>>;
    const value = holder[key];
    return { field: name, value: value === undefined ? 'not set' : field.kind.show(value) };
  });
}

/** The operator's table of all fields, in Markdown: docs/operations.md holds it word for word. */
export function configurationTable(): readonly string[] {
  const head = ['| field | variable | must be | otherwise | meaning |', '|---|---|---|---|---|'];
  return [...head, ...allFields().map((field) => `| ${[field.name, field.variable, field.field.kind.rule, otherwise(field), field.field.meaning].map(cell).join(' | ')} |`)];
}

function otherwise({ field: { need } }: NamedField): string {
  switch (need.of) {
    case 'required':
      return 'required';
    case 'optional':
      return need.otherwise;
    case 'fallback':
      return typeof need.text === 'string' ? `"${need.text}"` : need.text.map((text) => `"${text}"`).join(', ');
    case 'secret':
      return `${need.fileField}; never in the file`;
  }
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
