// Runs in the report: replaces each drawn curve by a chart whose values can be read off. The page is whole without it.
import {
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartOptions,
  type Plugin,
} from 'chart.js'
import { timeAxis, type TimeAxis } from '../../src/report/axis.js'

interface Data {
  readonly series: Readonly<Record<string, readonly (number | null)[]>> & { readonly elapsedS: readonly number[] }
  readonly gaps: readonly { readonly fromS: number; readonly toS: number }[]
}

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip, Legend, Filler)

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

function shadeGaps(gaps: Data['gaps']): Plugin<'line'> {
  return {
    id: 'gaps',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales['x']
      if (x === undefined) return
      ctx.fillStyle = colour('gap')
      for (const gap of gaps) {
        const from = x.getPixelForValue(gap.fromS)
        const width = Math.max(1, x.getPixelForValue(gap.toS) - from)
        ctx.fillRect(from, chartArea.top, width, chartArea.height)
      }
    },
  }
}

/** Numbers as the rest of the page writes them: no separators that differ from browser to browser. */
const plain = (value: number | string): string => String(Number(Number(value).toFixed(2)))

interface View {
  readonly title: string
  readonly unit: string
  readonly time: TimeAxis
}

function options({ title, unit, time }: View): ChartOptions<'line'> {
  const axis = (text: string): object => ({
    grid: { color: colour('rule') },
    border: { color: colour('axis') },
    title: { display: true, text, color: colour('soft') },
  })
  const ticks = { color: colour('soft'), maxRotation: 0 }
  const inUnit = (seconds: number): string => String(Number((seconds / time.unitS).toFixed(2)))
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        max: time.max,
        ...axis(`Time (${time.unit})`),
        ticks: { ...ticks, stepSize: time.stepS, callback: (value) => inUnit(Number(value)) },
      },
      y: { ...axis(`${title} (${unit})`), grace: '5%', ticks: { ...ticks, maxTicksLimit: 7, callback: plain } },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        displayColors: false,
        callbacks: {
          title: ([item]) => `${inUnit(item?.parsed.x ?? 0)} ${time.unit}`,
          label: (item) => `${item.parsed.y} ${unit}`,
        },
      },
    },
  }
}

function draw(figure: HTMLElement, canvas: HTMLCanvasElement, data: Data): Chart {
  const { curve = '', title = '', unit = '', stepped } = figure.dataset
  const values = data.series[curve] ?? []
  const xs = data.series.elapsedS
  return new Chart(canvas, {
    type: 'line',
    data: {
      datasets: [
        {
          label: title,
          data: xs.map((x, index) => ({ x, y: values[index] ?? Number.NaN })),
          stepped: stepped === 'true' ? 'before' : false,
          borderColor: colour('curve'),
          backgroundColor: colour('fill'),
          fill: 'start',
          borderWidth: stepped === 'true' ? 2 : 1.25,
          pointRadius: 0,
          pointHitRadius: 8,
          spanGaps: false,
        },
      ],
    },
    options: options({ title, unit, time: timeAxis(xs.at(-1) ?? 1) }),
    plugins: [shadeGaps(data.gaps)],
  })
}

function start(): void {
  const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as Data
  const charts: (() => Chart)[] = []
  for (const figure of document.querySelectorAll<HTMLElement>('figure[data-curve]')) {
    const box = document.createElement('div')
    box.className = 'plot'
    const canvas = document.createElement('canvas')
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', figure.querySelector('figcaption')?.textContent ?? '')
    box.append(canvas)
    figure.prepend(box)
    figure.classList.add('live')
    charts.push(() => draw(figure, canvas, data))
  }
  let drawn = charts.map((chart) => chart())
  // A canvas does not restyle itself when the scheme changes.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const chart of drawn) chart.destroy()
    drawn = charts.map((chart) => chart())
  })
}

start()
