/** Longest name that is shown in a report; what is longer comes from a phone that is not to be trusted. */
const MAX_NAME = 200

/**
 * What can do harm when it is shown: control characters (escape codes among them), characters without a form of their
 * own (marks that turn the writing direction, soft hyphens), lone surrogates, and the separators of lines.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Text from a phone, fit for one line of a terminal: what can't be shown safely becomes `?`. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '?')
}

/**
 * What a phone said, made safe to show anywhere: what can't be shown safely becomes U+FFFD, line ends become spaces, and
 * 200 characters are enough.
 */
export function visible(text: string): string {
  const head = text.slice(0, MAX_NAME).replace(/\s+/gu, ' ')
  const safe = head.replaceAll(UNPRINTABLE, '\uFFFD')
  return text.length > MAX_NAME ? `${safe}…` : safe
}

/** The text's beginning, `most` characters with the dots that say that it goes on. */
export function clip(text: string, most = 40): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
