import { MeganeuraError } from 'meganeura';

/** The number that an option of the command line is given as. Throws MeganeuraError for what is no whole number. */
export function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new MeganeuraError(`--${name} must be a whole number, got '${text}'`);
  return Number(text);
}
