import { fileURLToPath } from 'node:url'
import { Config, Parser } from '@oclif/core'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const config = await Config.load(ROOT)
const commands = await Promise.all(config.commands.map((command) => command.load()))

/** The words behind `dala COMMAND` of an example, as a shell would split them. */
function wordsOf(example: unknown, id: string): string[] {
  if (typeof example !== 'string') throw new TypeError(`an example of ${id} is no text`)
  const line = example.replace('<%= config.bin %> ', '')
  const command = id.replaceAll(':', ' ')
  expect(line.startsWith(command)).toBe(true)
  return line
    .slice(command.length)
    .split(' ')
    .filter((word) => word !== '')
}

describe.each(commands.map((command) => [command.id.replaceAll(':', ' '), command] as const))(
  'help of %s',
  (_id, command) => {
    test('has a summary, examples that parse, and a summary for every flag and argument', async () => {
      expect(command.summary).toMatch(/^[A-Z].*\.$/)
      expect(command.examples?.length).toBeGreaterThan(0)
      for (const example of command.examples ?? []) {
        const { flags, args, strict, baseFlags } = command
        const words = wordsOf(example, command.id).filter((word) => word !== '--json')
        await expect(Parser.parse(words, { flags: { ...baseFlags, ...flags }, args, strict })).resolves.toBeDefined()
      }
      // oclif types both as always there; a command without any has neither.
      for (const flag of Object.values(command.flags ?? {})) expect(flag.summary).toMatch(/^[A-Z].*\.$/)
      for (const arg of Object.values(command.args ?? {})) expect(arg.description).toMatch(/\w/)
    })
  },
)
