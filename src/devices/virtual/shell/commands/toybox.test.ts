import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../../../test/fakes/virtual-phone.js'

describe('text commands', () => {
  it.each([
    ['printf "b\\na\\nc\\n" | sort', 'a\nb\nc\n'],
    ['printf "10\\n9\\n9\\n" | sort -n -u', '9\n10\n'],
    ['printf "1\\n2\\n3\\n" | sort -r | head -2', '3\n2\n'],
    ['printf "1\\n2\\n3\\n" | tail -n 2', '2\n3\n'],
    ['printf "1\\n2\\n3" | tail -1', '3\n'],
    ['printf "abcdef" | head -c 3', 'abc'],
    ['printf "abcdef" | tail -c 2', 'ef'],
    ['printf "a b\\nc\\n" | wc', '2 3 6\n'],
    ['printf "a b\\nc\\n" | wc -l', '2\n'],
    ['printf "é" | wc -c', '2\n'],
    ['printf "a1\\nb2\\nA3\\n" | grep a', 'a1\n'],
    ['printf "a1\\nb2\\nA3\\n" | grep -i a', 'a1\nA3\n'],
    ['printf "a1\\nb2\\nA3\\n" | grep -v a', 'b2\nA3\n'],
    ['printf "a1\\nb2\\nA3\\n" | grep -c "[0-9]"', '3\n'],
    ['printf "a1\\na2\\na3\\n" | grep -m 1 a', 'a1\n'],
    ['printf "a1\\nb2\\n" | grep -E "^(a|x)[[:digit:]]+$"', 'a1\n'],
    ['printf "a(b\\nab\\n" | grep "a(b"', 'a(b\n'],
    ['printf "aab\\n" | grep -o "a\\+"', 'aa\n'],
    ['printf "a.b\\naxb\\n" | grep -F a.b', 'a.b\n'],
    ['printf "x\\ny\\n" | grep -n y', '2:y\n'],
    ['echo a | cat - -', 'a\n'],
    ['echo -e "a\\tb"', 'a\tb\n'],
    ['echo -E "a\\tb"', 'a\\tb\n'],
    ['printf "%5.2f|%-4s|%x|%%\\n" 3.14159 ab 255', ' 3.14|ab  |ff|%\n'],
    ['printf abc | sha256sum', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n'],
    ['printf abc | md5sum', '900150983cd24fb0d6963f7d28e17f72  -\n'],
  ])('runs %s', async (line, printed) => {
    const { sh } = await bootPhone()
    expect(await sh(line)).toEqual({ stdout: printed, stderr: '', exitCode: 0 })
  })

  it('returns from grep whether a line matched', async () => {
    const { sh } = await bootPhone()
    expect(await sh('getprop | grep -q ro.product')).toEqual({ stdout: '', stderr: '', exitCode: 0 })
    expect((await sh('echo a | grep -q b')).exitCode).toBe(1)
    expect((await sh('grep a /sdcard/none')).exitCode).toBe(2)
    expect((await sh('echo a | grep -E "("')).exitCode).toBe(2)
  })
})

describe('file commands', () => {
  it('lists, makes, moves, copies and removes', async () => {
    const { out, sh } = await bootPhone()
    await out('cd /data/local/tmp; mkdir -p a/b; echo one > a/f; cp a/f a/g; mv a/g a/b; cp -r a c; touch c/.hidden')
    expect(await out('ls /data/local/tmp')).toBe('a\nc')
    expect(await out('cd /data/local/tmp; ls -a c; cat c/b/g')).toBe('.\n..\n.hidden\nb\nf\none')
    expect(await out('ls -l /data/local/tmp/a/f')).toMatch(/^-rw.{7} 1 shell shell 4 \d{4}-\d\d-\d\d \d\d:\d\d .*\/f$/)
    await out('cd /data/local/tmp/a; printf %012d 0 > long')
    expect(await out('cd /data/local/tmp/a; ls -l | grep -v ^d')).toMatch(
      /^total \d+\n\S+ +1 shell shell +4 .* f\n\S+ +1 shell shell +12 .* long$/,
    )
    expect(await out('stat -c "%s %F" /data/local/tmp/a/f')).toBe('4 regular file')
    expect(await sh('rm /data/local/tmp/a')).toMatchObject({ stderr: 'rm: /data/local/tmp/a: is directory\n' })
    await out('rm -rf /data/local/tmp/a /data/local/tmp/c /data/local/tmp/none')
    expect(await out('ls /data/local/tmp | wc -l')).toBe('0')
    expect(await sh('cp /sdcard/none /sdcard/x')).toMatchObject({
      exitCode: 1,
      stderr: 'cp: /sdcard/none: No such file or directory\n',
    })
  })

  it.each([
    ['ls /data/data', 'ls: /data/data: Permission denied\n'],
    ['cat /data/data/dev.dala.runtime/files/x', 'cat: /data/data/dev.dala.runtime/files/x: Permission denied\n'],
    ['mkdir /system/x', 'mkdir: /system/x: Read-only file system\n'],
    ['touch /x', 'touch: /x: Read-only file system\n'],
    ['rm -rf /sdcard', 'rm: /sdcard: Device or resource busy\n'],
    ['cat /sdcard', 'cat: /sdcard: Is a directory\n'],
    ['cat /sdcard/none', 'cat: /sdcard/none: No such file or directory\n'],
    [
      'cat /sys/class/power_supply/battery/charge_counter',
      'cat: /sys/class/power_supply/battery/charge_counter: Permission denied\n',
    ],
    ['cat < /sdcard', 'cat: -: Is a directory\n'],
    ['sh < /sdcard', '/system/bin/sh: Is a directory\n'],
    ['ls -Q', "ls: Unknown option 'Q'\n"],
    ['cd /nowhere', '/system/bin/sh: cd: /nowhere: No such file or directory\n'],
  ])('refuses %s', async (line, message) => {
    const { sh } = await bootPhone()
    const { stderr, exitCode } = await sh(line)
    expect(stderr).toBe(message)
    expect(exitCode).toBeGreaterThan(0)
  })

  it('reads /proc', async () => {
    const { out } = await bootPhone()
    expect(await out('cat /proc/uptime')).toMatch(/^\d+\.\d\d \d+\.\d\d$/)
    expect(await out('cat /proc/sys/kernel/random/boot_id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(await out('grep MemTotal: /proc/meminfo')).toMatch(/^MemTotal: +\d+ kB$/)
    expect(await out('grep -c ^processor /proc/cpuinfo')).toBe('8')
    expect(await out('cat /proc/loadavg /proc/version')).toContain('Linux version')
    expect(await out('cd /sdcard; ls /proc')).toContain('uptime')
    expect(await out('ls /proc/uptime')).toBe('/proc/uptime')
  })

  it('tells how full the phone is', async () => {
    const { out } = await bootPhone()
    expect(await out('df /sdcard')).toMatch(/^Filesystem .*\n\/dev\/fuse +\d+ +\d+ +\d+ +\d+% \/storage\/emulated$/)
  })
})

describe('system commands', () => {
  it('says who and what it is', async () => {
    const { out } = await bootPhone({ profile: 'moto-e-32' })
    expect(await out('id -u; whoami; uname -m; pwd')).toBe('2000\nshell\narmv7l\n/')
    expect(await out('id')).toMatch(/^uid=2000\(shell\) .* context=u:r:shell:s0$/)
    expect(await out('uname -a')).toMatch(/^Linux localhost 4\.4/)
    expect(await out('which ls nothing || command -v grep')).toBe('/system/bin/ls\n/system/bin/grep')
  })

  it('tells the time of the phone', async () => {
    const { out, clock } = await bootPhone({ timeScale: 60 })
    expect(await out('date')).toBe('Mon Jan  5 12:00:00 UTC 2026')
    await clock.advance(60_000)
    expect(await out('date "+%F %T"')).toBe('2026-01-05 13:00:00')
    expect(await out('date +%s')).toBe(String(Date.UTC(2026, 0, 5, 13) / 1000))
    expect(await out('uptime')).toMatch(
      /^ 13:00:00 up (?:\d+ days?, )?(?:[ \d]\d:\d\d|\d+ min), {2}0 users, {2}load average: /,
    )
  })

  it('sleeps in phone time', async () => {
    const { sh, clock } = await bootPhone({ timeScale: 60 })
    const slept = sh('sleep 1m; echo up')
    await clock.advance(1000)
    expect(await slept).toMatchObject({ stdout: 'up\n', exitCode: 0 })
    expect((await sh('sleep forever')).exitCode).toBe(1)
  })

  it.each([
    ['[ 1 -lt 2 ]', 0],
    ['[ 2 -lt 1 ]', 1],
    ['[ a = a ]', 0],
    ['test a != a', 1],
    ['test -n ""', 1],
    ['test -z ""', 0],
    ['[ ! -e /sdcard/none ]', 0],
    ['[ -d /sdcard ]', 0],
    ['[ -f /sdcard ]', 1],
    ['[ -w /system ]', 1],
    ['[ -r /proc/uptime ]', 0],
    ['[ 1 = 1 -a 2 = 3 ]', 1],
    ['[ 1 = 2 -o 3 = 3 ]', 0],
    ['[ x ]', 0],
    ['[ ]', 1],
    ['[ 1 -eq x ]', 2],
    ['[ 1 = 1', 2],
  ])('returns from %s with %i', async (line, exitCode) => {
    const { sh } = await bootPhone()
    expect((await sh(line)).exitCode).toBe(exitCode)
  })
})
