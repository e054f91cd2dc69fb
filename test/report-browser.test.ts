import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { remote } from 'webdriverio'

import { loadAssets } from '../src/report/assets.js'
import { renderHtml } from '../src/report/html.js'
import { needs } from './needs.js'
import { buildAssets } from './support/assets.js'
import { gappyRun, MANIFEST, reportOf } from './support/report.js'

const chromium = needs('chromium')
const chromedriver = needs('chromedriver')

type Browser = Awaited<ReturnType<typeof remote>>

async function startDriver(): Promise<{ readonly driver: ChildProcess; readonly port: number }> {
  const driver = spawn(chromedriver.path, ['--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: driver.stdout })) {
    const port = /started successfully on port (\d+)/.exec(line)?.[1]
    if (port !== undefined) return { driver, port: Number(port) }
  }
  throw new Error('Cannot use chromedriver as it ended before it named its port')
}

function open(
  port: number,
  profile: string,
  options: { readonly script: boolean; readonly dark: boolean },
): Promise<Browser> {
  return remote({
    hostname: '127.0.0.1',
    port,
    logLevel: 'silent',
    capabilities: {
      browserName: 'chrome',
      'wdio:enforceWebDriverClassic': true,
      'goog:loggingPrefs': { performance: 'ALL', browser: 'ALL' },
      'goog:chromeOptions': {
        binary: chromium.path,
        prefs: options.script ? {} : { 'profile.managed_default_content_settings.javascript': 2 },
        args: [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--hide-scrollbars',
          '--window-size=1120,1700',
          `--user-data-dir=${profile}`,
          ...(options.dark ? ['--blink-settings=preferredColorScheme=0'] : []),
        ],
      },
    } as WebdriverIO.Capabilities,
  })
}

/** What the page asked for, by the browser's own network log, which has the browser's start page in it too. */
async function requests(browser: Browser, page: string): Promise<string[]> {
  const entries = (await browser.getLogs('performance')) as { readonly message: string }[]
  return entries.flatMap((entry) => {
    const { message } = JSON.parse(entry.message) as {
      message: { method: string; params: { documentURL?: string; request?: { url: string } } }
    }
    const { documentURL, request } = message.params
    const url = documentURL === page ? request?.url : undefined
    return message.method === 'Network.requestWillBeSent' && url !== undefined && !url.startsWith('data:') ? [url] : []
  })
}

describe.skipIf(!chromium.met || !chromedriver.met)(
  `the HTML report in Chromium${chromium.reason || chromedriver.reason}`,
  () => {
    const report = reportOf(gappyRun())
    const script = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">{{client}}$&'
    const hostile = reportOf(gappyRun({ device: { ...MANIFEST.device, model: script } }))
    let folder = ''
    let url = ''
    let driver: ChildProcess | undefined
    let port = 0

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dala-report-'))
      const assets = await loadAssets(await buildAssets(join(folder, 'assets')))
      const file = join(folder, 'report.html')
      await writeFile(file, renderHtml(report, assets))
      await writeFile(join(folder, 'hostile.html'), renderHtml(hostile, assets))
      url = pathToFileURL(file).href
      ;({ driver, port } = await startDriver())
    })

    afterAll(async () => {
      if (driver !== undefined && driver.exitCode === null) {
        driver.kill()
        await once(driver, 'exit')
      }
      // DALA_KEEP names a folder to look at the screenshots in.
      if (process.env['DALA_KEEP'] === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    })

    const visit = async (
      options: { readonly script: boolean; readonly dark: boolean },
      look: (browser: Browser) => Promise<void>,
    ): Promise<void> => {
      const browser = await open(port, join(folder, `profile-${options.script}-${options.dark}`), options)
      try {
        await browser.url(url)
        await look(browser)
      } finally {
        await browser.deleteSession()
      }
    }
    const picture = (name: string): string => join(process.env['DALA_KEEP'] ?? folder, name)

    it.each([
      ['light', false],
      ['dark', true],
    ] as const)('draws charts in %s, asks for nothing and says nothing on the console', async (name, dark) => {
      await visit({ script: true, dark }, async (browser) => {
        await browser.$('canvas').waitForDisplayed()
        await browser.saveScreenshot(picture(`${name}.png`))
        expect(await browser.$$('canvas').length).toBe(4)
        expect(await browser.$('svg.chart').isDisplayed()).toBe(false)
        expect(await browser.getLogs('browser')).toEqual([])
        expect(await requests(browser, url)).toEqual([url])
        const text = await browser.$('main').getText()
        expect(text).toContain(report.wording.headline)
        expect(text).toContain(report.wording.detail)
        expect(text).toContain('simulated, x60')
      })
    })

    it('shows a hostile name as text', async () => {
      await visit({ script: true, dark: false }, async (browser) => {
        await browser.url(new URL('hostile.html', url).href)
        await browser.$('canvas').waitForDisplayed()
        expect(await browser.$('h1').getText()).toContain(script)
        expect(await browser.getTitle()).toContain('Battery report')
        expect(await browser.$$('img').length).toBe(0)
        expect(await browser.getLogs('browser')).toEqual([])
      })
    })

    it('is whole without JavaScript', async () => {
      await visit({ script: false, dark: false }, async (browser) => {
        expect(await browser.$$('canvas').length).toBe(0)
        expect(await browser.$('svg.chart').isDisplayed()).toBe(true)
        expect(await browser.$('table.facts').isDisplayed()).toBe(true)
        expect(await browser.$('main').getText()).toContain(report.wording.headline)
        await browser.saveScreenshot(picture('no-script.png'))
      })
    })
  },
)
