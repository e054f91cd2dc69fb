/**
 * The lines of `text`, one at a time and cut to `maxChars`, without its line end (LF, CRLF, and the CRCRLF of old
 * ptys). Each character is looked at once, whatever the input: outputs of phones are untrusted and can be huge.
 */
export function* linesOf(text: string, maxChars: number, from = 0): Generator<string, void, undefined> {
  let start = from
  while (start < text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    let last = Math.min(end, start + maxChars)
    while (last > start && text[last - 1] === '\r') last -= 1
    yield text.slice(start, last)
    start = end + 1
  }
}
