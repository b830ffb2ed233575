import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import type { StatusPages } from './browser.ts'

/** Where the picture of a scene is kept; `node test/support/draw-status-page.ts` draws it anew. */
export const picturePath = (scene: string): string =>
  fileURLToPath(new URL(`pictures/${scene.replaceAll(' ', '-')}.png`, import.meta.url))

/** The top of a scene on a phone, small: what somebody who is woken sees first. */
export const scenePicture = (pages: StatusPages, scene: string): Promise<Buffer> =>
  pages.open(scene, { viewport: { width: 360, height: 720 }, deviceScaleFactor: 0.5 }, (page) =>
    page.screenshot(),
  )

/** Squares of pixels whose mean colours are compared: a font of another version moves less than that. */
const squares = 18

/** How different each of the others is from a picture: 0 for the same, 1 for black and white. */
export async function differencesOf(
  browser: Browser,
  picture: Buffer,
  others: readonly Buffer[],
): Promise<number[]> {
  const page = await browser.newPage()
  try {
    const pictures = [picture, ...others].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`)
    return await page.evaluate<number[]>(`(async (pictures, columns) => {
      const colours = await Promise.all(pictures.map(async (picture) => {
        const image = new Image()
        image.src = picture
        await image.decode()
        const canvas = new OffscreenCanvas(columns, 2 * columns)
        const context = canvas.getContext('2d')
        context.imageSmoothingQuality = 'high'
        context.drawImage(image, 0, 0, canvas.width, canvas.height)
        return context.getImageData(0, 0, canvas.width, canvas.height).data
      }))
      const [first, ...rest] = colours
      return rest.map((other) => first.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / (first.length * 255))
    })(${JSON.stringify(pictures)}, ${squares})`)
  } finally {
    await page.close()
  }
}

/** The colours of the light scheme (style.ts), as they are painted. */
const palette = {
  ground: [255, 255, 255],
  green: [17, 119, 68],
  amber: [136, 85, 0],
  red: [187, 34, 34],
  grey: [85, 102, 102],
} as const

interface Painted {
  readonly check: string
  /** Of each bar the mean colours of its upper, middle and lower third. */
  readonly bars: readonly (readonly (readonly number[])[])[]
}

/**
 * What is really painted where the bars of a scene are: for each check how many days look the same, one after the other, by
 * the colours of their thirds. What is hatched or cut within a third is mixed. No font has a part in it.
 */
export async function paintedBars(pages: StatusPages, scene: string): Promise<string[]> {
  const painted = await pages.open(scene, {}, async (page) => {
    const picture = (await page.screenshot({ fullPage: true })).toString('base64')
    return page.evaluate<Painted[]>(`(async () => {
      const bytes = Uint8Array.from(atob('${picture}'), (character) => character.charCodeAt(0))
      const image = await createImageBitmap(new Blob([bytes]))
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
      context.drawImage(image, 0, 0)
      const meanOf = (x, y, width, height) => {
        const { data } = context.getImageData(Math.ceil(x), Math.ceil(y), Math.floor(width), Math.floor(height))
        return [0, 1, 2].map((part) => data.reduce((sum, value, at) => sum + (at % 4 === part ? value : 0), 0) / (data.length / 4))
      }
      return [...document.querySelectorAll('.b')].map((list) => ({
        check: list.getAttribute('aria-label'),
        bars: [...list.children].map((day) => {
          const { x, y, width, height } = day.getBoundingClientRect()
          return [0, 1, 2].map((third) => meanOf(x + 1, y + scrollY + (third * height) / 3 + 1, width - 3, height / 3 - 2))
        }),
      }))
    })()`)
  })
  return painted.map(
    ({ check, bars }) => `${check}: ${runsOf(bars.map((bar) => bar.map(nameOf).join(' '))).join(', ')}`,
  )
}

function nameOf(colour: readonly number[]): string {
  const isNear = (other: readonly number[]) =>
    other.every((value, part) => Math.abs(value - (colour[part] ?? 0)) < 25)
  return Object.entries(palette).find(([, other]) => isNear(other))?.[0] ?? 'mixed'
}

function runsOf(texts: readonly string[]): string[] {
  const starts = texts.flatMap((text, index) => (text === texts[index - 1] ? [] : [index]))
  return starts.map((start, run) => `${(starts[run + 1] ?? texts.length) - start} × ${texts[start]}`)
}
