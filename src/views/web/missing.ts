import { markup } from '../markup.ts';
import { STYLE_PATH } from './style.ts';

/** For who followed a link to a page that is not there; made without the store. */
export function missingPage(): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No such page</title>
<link rel="icon" href="/icon/unknown.svg" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<main id="main"><h1>No such page</h1><p>A probe that the probe file no longer names has none. <a href="/">All pools</a></p></main>
</body>
</html>
`.text;
}
