import { createHash } from 'node:crypto'
import { parseOptions } from '../options.js'
import type { CommandTable, ShellCommand } from '../command.js'
import { forEachPath, withInput } from '../phone-file.js'

function checksum(algorithm: 'md5' | 'sha1' | 'sha256'): ShellCommand {
  return async (context) => {
    const { operands, flags } = parseOptions(context.args, { flags: 'b' })
    return forEachPath(context, operands.length === 0 ? ['-'] : operands, async (path) => {
      const hash = createHash(algorithm)
      await withInput(context, path, async (input) => {
        for (let bytes = await input.read(); bytes !== null; bytes = await input.read()) hash.update(bytes)
      })
      await context.out(`${hash.digest('hex')}${flags.has('b') ? '' : `  ${path}`}\n`)
    })
  }
}

export const CHECKSUM_COMMANDS: CommandTable = {
  md5sum: checksum('md5'),
  sha1sum: checksum('sha1'),
  sha256sum: checksum('sha256'),
}
