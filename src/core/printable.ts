/**
 * Text from a phone, fit for one line of a terminal: escape codes, control characters, line breaks and marks that turn
 * the writing direction are shown as `?`.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?')
}
