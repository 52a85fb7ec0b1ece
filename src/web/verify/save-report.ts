/** Hands a JSON file to the reader's own disk. Nothing is sent. */
export function saveJson(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(value, undefined, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
