/** The frame of a page: head, style, refresh; works without scripts. Everything put into `html` is escaped by hono. */
import { html, raw } from 'hono/html';
import { style } from './style.ts';

export type Markup = ReturnType<typeof html>;

const refreshSeconds = 10;

/** @param title not escaped yet. */
export const layout = (title: string, body: Markup): Markup => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body><main>${body}</main></body>
</html>`;

/** A titled card; the table in it scrolls sideways where it is too wide. */
export const section = (title: string, note: Markup | string, body: Markup): Markup => html`
<section>
<div class="head"><h2>${title}</h2><p>${note}</p></div>
${body}
</section>`;

export type Tone = 'good' | 'warn' | 'bad' | '';

export const pill = (text: string, tone: Tone): Markup =>
  html`<span class="pill ${tone}">${text}</span>`;
