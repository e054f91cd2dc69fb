import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../../test/fakes/virtual-phone.js'

describe('the shell', () => {
  it.each([
    [`echo 'a  b' "c  d" e\\ f   g`, 'a  b c  d e f g\n'],
    [`echo "a'b" 'c"d' "\\"e\\""`, `a'b c"d "e"\n`],
    ['echo a;echo b', 'a\nb\n'],
    ['echo a\necho b\n\n', 'a\nb\n'],
    ['echo a # not this\necho b', 'a\nb\n'],
    ['echo a#b', 'a#b\n'],
    ['true && echo yes || echo no', 'yes\n'],
    ['false && echo yes || echo no', 'no\n'],
    ['false; echo $?', '1\n'],
    ['! false; echo $?', '0\n'],
    ['A=1; B=$A$A; echo "$B" ${B}x $NONE.', '11 11x .\n'],
    ['A=\'x y\'; echo $A; echo "$A"', 'x y\nx y\n'],
    ["A='x  y'; echo $A", 'x y\n'],
    ['A=1 env | grep ^A=; echo [$A]', 'A=1\n[]\n'],
    ['echo $(echo a; echo b) "$(echo c)"', 'a b c\n'],
    ['(cd /sdcard; pwd); pwd', '/sdcard\n/\n'],
    ['echo `echo a; echo b` "`echo \\"c  d\\"`"', 'a b c  d\n'],
    ['echo `echo \\`echo in\\``', 'in\n'],
    ['exec echo a b; echo never', 'a b\n'],
    ['(exec echo in); echo out', 'in\nout\n'],
    ['echo one two | (cat; echo three)', 'one two\nthree\n'],
    ['echo a \\\n b', 'a b\n'],
    ['printf "%s-%03d\\n" x 7', 'x-007\n'],
    ["printf '%s\\n' a b", 'a\nb\n'],
    ['echo -n a; echo b', 'ab\n'],
    ['sh -c "echo in; exit 3"; echo $?', 'in\n3\n'],
    ['X=$(false); echo $?', '1\n'],
    ['echo "$0 $#"', '/system/bin/sh 0\n'],
    ['/system/bin/echo a', 'a\n'],
    ["echo ''x ''", 'x \n'],
  ])('runs %s', async (line, printed) => {
    const { sh } = await bootPhone()
    expect(await sh(line)).toMatchObject({ stdout: printed, stderr: '' })
  })

  it('returns the status of the last command', async () => {
    const { sh } = await bootPhone()
    expect((await sh('true; false')).exitCode).toBe(1)
    expect((await sh('false | true')).exitCode).toBe(0)
    expect((await sh('exec sh -c "exit 6"; echo never')).exitCode).toBe(6)
    expect((await sh('exec nope; echo never')).exitCode).toBe(127)
    expect((await sh('exit 7; echo never')).exitCode).toBe(7)
    expect((await sh('(exit 4); echo $?')).stdout).toBe('4\n')
  })

  it('says what it does not know, as Android does', async () => {
    const { sh } = await bootPhone()
    expect(await sh('frobnicate -x')).toEqual({
      stdout: '',
      stderr: '/system/bin/sh: frobnicate: inaccessible or not found\n',
      exitCode: 127,
    })
    expect((await sh('constructor')).exitCode).toBe(127)
  })

  it.each([
    ['echo "a', 'no closing quote'],
    ['echo )', "syntax error: unexpected ')'"],
    ['echo a && \n)', "syntax error: unexpected ')'"],
    ['cat <\n', "syntax error: unexpected 'newline'"],
  ])('reports the syntax error of %j as mksh does', async (line, complaint) => {
    const { sh } = await bootPhone()
    expect(await sh(line)).toEqual({ stdout: '', stderr: `/system/bin/sh: ${complaint}\n`, exitCode: 1 })
  })

  it('writes, appends and reads files', async () => {
    const { sh, out } = await bootPhone()
    await out('cd /sdcard; echo a > x; echo b >> x; cat < x > y 2>&1; cat x y')
    expect(await out('cat /storage/emulated/0/x /sdcard/y')).toBe('a\nb\na\nb')
    expect(await sh('nope 2> /sdcard/err; cat /sdcard/err')).toMatchObject({ stderr: '', exitCode: 0 })
    expect(await sh('nope 2>&1 | wc -l')).toMatchObject({ stdout: '1\n', stderr: '' })
    expect(await sh('nope &> /dev/null')).toEqual({ stdout: '', stderr: '', exitCode: 127 })
    expect(await sh('echo x > /system/x')).toMatchObject({
      stderr: "/system/bin/sh: can't create /system/x: Read-only file system\n",
      exitCode: 1,
    })
    expect((await sh('cat < /sdcard/none')).stderr).toContain("can't open /sdcard/none: No such file or directory")
    expect((await sh('wc -c < /proc/version')).exitCode).toBe(0)
  })

  it('expands wildcards that were not quoted', async () => {
    const { out } = await bootPhone()
    await out('cd /sdcard; touch a1.txt a2.txt b.txt')
    expect(await out('cd /sdcard; echo a*.txt "a*" ?.txt none*')).toBe('a1.txt a2.txt a* b.txt none*')
    expect(await out('ls /sdcard/a*.txt')).toBe('/sdcard/a1.txt\n/sdcard/a2.txt')
  })

  it('hands standard input on from one command to the next', async () => {
    const { sh } = await bootPhone()
    expect((await sh('head -n 1; cat', 'one\ntwo\nthree\n')).stdout).toBe('one\ntwo\nthree\n')
  })

  it('ends a writer whose reader has gone', async () => {
    const { sh, rootDir } = await bootPhone()
    await writeFile(join(rootDir, 'sdcard', 'big'), 'x\n'.repeat(500_000))
    const first = { stdout: 'x\n', stderr: '', exitCode: 0 }
    expect(await sh('cat /sdcard/big /sdcard/big | head -n 1')).toEqual(first)
    expect(await sh('head -n 1 < /sdcard/big')).toEqual(first)
    expect(await sh('head -n 1 /sdcard/big')).toEqual(first)
    expect(await sh('grep -m 1 x /sdcard/big')).toEqual(first)
  })

  it('ends when the host goes away', async () => {
    const { phone, clock } = await bootPhone()
    const host = new AbortController()
    const ignore = (): Promise<void> => Promise.resolve()
    const run = phone.run('sleep 100; echo never', {
      stdin: (async function* (): AsyncGenerator<Uint8Array> {})(),
      stdout: () => Promise.reject(new Error('nothing may be printed')),
      stderr: ignore,
      signal: host.signal,
    })
    await clock.advance(1000)
    host.abort(new Error('gone'))
    expect(await run).toBe(129)
    await clock.advance(0)
    // What still sleeps is the phone itself, which looks at its battery now and then.
    expect(clock.sleeping).toBe(1)
  })

  it('ends without an error when the host takes no more output', async () => {
    const { phone } = await bootPhone()
    const closed = (): Promise<void> => Promise.reject(new Error('closed'))
    const io = { stdout: closed, stderr: closed, signal: new AbortController().signal }
    const stdin = (async function* (): AsyncGenerator<Uint8Array> {})()
    expect(await phone.run('getprop', { ...io, stdin })).toBe(141)
  })

  it('is switched off with what runs on it', async () => {
    const { phone, sh } = await bootPhone()
    const run = sh('sleep 100')
    await phone.close()
    expect((await run).exitCode).toBe(129)
  })

  it('reads its script from an input that is no terminal, without a prompt', async () => {
    const { sh } = await bootPhone()
    const session = await sh(null, 'cd /sdcard\r\necho "a\nb"\npwd\nnope\nexit 5\necho never\n')
    expect(session).toEqual({
      stdout: 'a\nb\n/sdcard\n',
      stderr: '/system/bin/sh: <stdin>[5]: nope: inaccessible or not found\n',
      exitCode: 5,
    })
    expect((await sh(null, 'false\n')).exitCode).toBe(1)
    expect((await sh(null, 'head -n 1\nnot a command\necho last')).stdout).toBe('not a command\nlast\n')
  })

  it('reads no further than a line that is no script', async () => {
    const { sh } = await bootPhone()
    expect(await sh(null, 'echo one\n)\necho never\n')).toEqual({
      stdout: 'one\n',
      stderr: "/system/bin/sh: <stdin>[2]: syntax error: unexpected ')'\n",
      exitCode: 1,
    })
    expect((await sh(null, 'echo "a')).stderr).toBe('/system/bin/sh: <stdin>[2]: no closing quote\n')
  })
})
