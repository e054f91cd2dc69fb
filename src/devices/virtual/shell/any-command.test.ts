import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../../test/fakes/virtual-phone.js'
import { COMMANDS } from './commands/index.js'

const ARGUMENTS =
  'battery set level -1 x power package list packages start -n a/b / -p -a -c keyevent 26 get put global system -A -o PID /proc/uptime /sdcard /data/local/tmp/f -l -la -5 -m -E ( ] -e -f -rf .. %s%d $? * ? . ~ A=1 -v deviceidle force-idle unplug reset dev.dala.runtime'
const JOINTS = [
  ' ',
  ' ',
  ' ',
  ' ',
  '|',
  ' && ',
  ' || ',
  ';',
  ' > /sdcard/o ',
  ' < /sdcard/o ',
  ' 2>&1 ',
  '$(',
  '`',
  ')',
  '"',
]

describe('any command line', () => {
  it('ends with an exit code, and never hangs or throws', async () => {
    const { sh } = await bootPhone()
    // The two that wait for the clock or the host.
    const words = [
      ...Object.keys(COMMANDS).filter((name) => name !== 'sleep' && name !== 'logcat'),
      ...ARGUMENTS.split(' '),
      '',
    ]
    const token = fc.tuple(fc.constantFrom(...words), fc.constantFrom(...JOINTS)).map((parts) => parts.join(''))
    const line = fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(''))
    const endsWell = async (text: string): Promise<boolean> => {
      const { exitCode } = await sh(text, 'in\nput\n')
      return exitCode >= 0 && exitCode <= 255
    }
    const found = await fc.check(fc.asyncProperty(line, endsWell), { numRuns: 1000 })
    expect(found.counterexample).toBeNull()
  })
})
