import { html } from 'hono/html'
import type { Html } from './format.ts'
import type { Page } from './page.ts'

/** What checks say is in English, and a screen reader should read it so. */
export const inEnglish = ({ options }: Page, text: string): string | Html =>
  options.language === 'en' ? text : html`<span lang="en">${text}</span>`
