/** One part of a command line whose output is to be told from the others'. */
export interface Section {
  /** `[a-z]+`. */
  readonly name: string
  readonly command: string
}

export interface SectionOutput {
  readonly text: string
  /** False when the answer was cut within or right behind it: its last line may be torn. */
  readonly whole: boolean
}

const END = 'end'

/** One command line that runs all parts in turn, each behind a line of its own that names it: one round trip to the phone. */
export function sectionCommand(sections: readonly Section[]): string {
  const parts = sections.map(({ name, command }) => `echo ${marker(name)}; ${command}`)
  return `${parts.join('; ')}; echo ${marker(END)}`
}

/** Takes the answer apart; a part that isn't there is missing from the map. Never throws; linear. */
export function splitSections(text: string, names: readonly string[]): ReadonlyMap<string, SectionOutput> {
  const starts: { readonly name: string; readonly from: number; readonly to: number }[] = []
  let from = 0
  for (const name of [...names, END]) {
    const at = text.indexOf(marker(name), from)
    if (at === -1) continue
    from = at + marker(name).length
    starts.push({ name, from, to: at })
  }
  const parts = starts.slice(0, starts.at(-1)?.name === END ? -1 : undefined)
  return new Map(
    parts.map(({ name, from }, index) => {
      const next = starts[index + 1]
      return [name, { text: text.slice(from, next?.to), whole: next !== undefined }]
    }),
  )
}

function marker(name: string): string {
  return `@@dala:${name}@@`
}

/** The part's text without a line that may be torn. */
export function wholeLines({ text, whole }: SectionOutput): string {
  return whole ? text : text.slice(0, text.lastIndexOf('\n') + 1)
}
